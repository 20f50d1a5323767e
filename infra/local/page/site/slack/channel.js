// A channel: its head, what was written in it, and a place to write.

import { avatarOf } from "./avatar.js";
import { fill, h } from "../ground/dom.js";
import { counted } from "./message-words.js";
import { icon } from "./icons.js";
import { Pane } from "./pane.js";
import { openThread } from "./place.js";
import { spotOf } from "./read.js";
import { view } from "../ground/view.js";
import { world } from "../ground/world.js";

const FACES = 3;

export class Channel {
  #read = {}; // the marks as they were drawn
  #head = "";

  constructor({ focusThread }) {
    this.pane = new Pane({ reply: (ts) => this.#reply(ts) });
    this.pane.redraw = () => this.draw(this.place);
    this.focusThread = focusThread;
    this.head = h("header.head");
    this.empty = h("p.nothing");
    const { list, below } = this.pane;
    list.element.prepend(this.empty);
    this.element = h("section.pane.channel", { "aria-label": "Channel" }, this.head, list.element, below);
  }

  draw(place) {
    this.place = place;
    const channel = world.slack.channels.get(place.channel);
    if (!channel) return;
    this.#drawHead(channel);
    const name = `Messages in #${channel.name}`;
    this.pane.show({ me: place.me, channel, thread: "" }, channel.roots, { name, label: `Message #${channel.name}` });
    this.#drawRead(channel, place);
    this.empty.hidden = channel.roots.length > 0;
    this.empty.textContent = emptyWords(channel);
  }

  /** Put the focus on a message, or where one writes if it is not there. */
  focus(ts) {
    if (!this.pane.list.go(ts)) this.pane.focus();
  }

  #reply(ts) {
    openThread(this.place.channel, ts);
    this.focusThread();
  }

  // The line below a message tells how many replies are unread, which changes by reading them.
  #drawRead(channel, { me, thread }) {
    const read = view.read[me] ?? {};
    const open = thread === this.open ? [] : [thread, this.open].filter(Boolean);
    const threads = read === this.#read ? [] : [...channel.threads.keys()];
    const seen = threads.filter((ts) => this.#differs(read, channel, ts));
    this.#read = read;
    this.open = thread;
    for (const ts of new Set([...open, ...seen])) this.pane.list.again(ts);
  }

  #differs(read, channel, ts) {
    const spot = spotOf(channel.id, ts);
    return read[spot] !== this.#read[spot];
  }

  #drawHead(channel) {
    const look = [channel.id, channel.name, channel.is_archived, channel.is_ext_shared, ...channel.members].join(" ");
    if (this.#head === look) return;
    this.#head = look;
    this.element.setAttribute("aria-label", `#${channel.name}`);
    const sign = channel.is_private ? "lock" : channel.is_archived ? "archive" : "hash";
    fill(
      this.head,
      h("h3.title", {}, icon(sign), channel.name),
      channel.is_ext_shared ? h("span.mark", {}, icon("shared"), "Shared with another company") : null,
      members(channel),
    );
  }
}

function emptyWords({ is_archived, is_member }) {
  if (is_archived) return "Nothing was written here.";
  return is_member ? "Nobody has written yet. Write something on the phone at the left." : "Nobody has written yet.";
}

function members(channel) {
  const all = channel.members.map((id) => world.slack.users.get(id)).filter(Boolean);
  const faces = all.filter((user) => !user.is_bot).slice(0, FACES);
  return h(
    "span.members",
    { title: all.map((user) => user.real_name).join(", ") },
    faces.map((user) => avatarOf(user, "tiny")),
    h("span", { "aria-hidden": "true" }, String(channel.members.length)),
    h("span.unseen", {}, counted(channel.members.length, "member")),
  );
}
