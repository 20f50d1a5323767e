// The two panes of Slack, a channel and a thread: a head, messages, and a place to write below them.

import { fill, h } from "../ground/dom.js";
import { dropZone } from "../ground/files.js";
import { view } from "../ground/view.js";
import { counted } from "../ground/words.js";
import { world } from "../ground/world.js";
import { askToDelete, contextOf, dismiss, edit, editor, isOwn, join, reach, react, remove, say, shortcuts } from "./acts.js";
import { Composer } from "./composer.js";
import { offer } from "./menu.js";
import { MessageList } from "./message-list.js";
import { avatarOf, icon, named, summary } from "./message-parts.js";
import { pickEmoji } from "./picker.js";
import { channelsOf, closeThread, isColleague, isMember, openThread, spotOf, stay } from "./place.js";

const FACES = 3; // pictures in the head of a channel

class Pane {
  #spot = null;

  /** `reply(ts)` opens a thread to write in it. */
  constructor({ reply }) {
    this.reply = reply;
    this.list = new MessageList({ act: (...what) => this.#act(...what), leave: () => this.focus() });
    this.composer = new Composer({
      send: (...what) => this.#say(...what),
      up: () => this.#editLast(),
      reach: (button) => this.#reach(button),
    });
    this.composer.field.addEventListener("input", stay, { passive: true });
    this.below = h("div.below");
    dropZone(this.list.element, (some) => this.composer.take(some));
    dropZone(this.below, (some) => this.composer.take(some));
  }

  /** Show { me, channel, thread } with these messages; the label is what the field to write in says. */
  show({ me, channel, thread }, keys, { name, label }) {
    const closed = channel.is_archived || !isMember(channel, me);
    const get = (ts) => channel.all.get(ts) ?? world.slack.ephemerals.get(ts);
    const spot = { me, channel, channelId: channel.id, thread, world: world.slack, closed, name };
    this.#spot = { ...spot, ctx: (message) => contextOf(message, channel.id, me, openThread), do: this.#doing() };
    this.list.show(this.#spot, withEphemerals(keys, channel.id, thread, me), get);
    this.composer.at({ key: `${me}/${channel.id}/${thread}`, label, also: thread && channel.name, ...ids(spot) });
    this.composer.offers(isColleague(me) && shortcuts("global").length > 0);
    this.#drawBelow(closed, channel, me);
  }

  focus() {
    if (this.composer.element.isConnected) this.composer.focus();
    else this.below.querySelector("button")?.focus();
  }

  #say(words, place, also, files) {
    if (place.channel === this.#spot.channelId && place.thread === this.#spot.thread) this.list.toEnd();
    return say(words, place, also, files);
  }

  #doing() {
    return {
      open: (ts) => this.reply(ts),
      react: (message, name) => this.#try(react(message, this.#spot.channelId, this.#spot.me, name)),
      pick: (message, button) => this.#act("react", message, button),
      dismiss: (message) => this.#try(dismiss(message, this.#spot.channelId, this.#spot.me)),
    };
  }

  #reach(button) {
    const { me } = this.#spot;
    const choices = shortcuts("global").map(({ name, label }) => ({
      words: label,
      about: "Threadline",
      act: () => this.#try(reach(name, me)),
    }));
    offer(button, "Shortcuts", choices);
  }

  #act(name, message, button) {
    const { me, channelId } = this.#spot;
    if (name === "reply") this.reply(message.thread_ts ?? message.ts);
    if (name === "edit") this.#edit(message);
    if (name === "remove") this.#remove(message);
    if (name === "more") this.#offer(message, button);
    if (name === "react") pickEmoji(button, (emoji) => this.#try(react(message, channelId, me, emoji)));
  }

  #offer(message, button) {
    const { me, channelId } = this.#spot;
    const choices = shortcuts("message").map(({ name, label }) => ({
      words: label,
      about: "Threadline",
      act: () => this.#try(reach(name, me, message, channelId)),
    }));
    offer(button, "More actions", choices);
  }

  #edit(message) {
    const { me, channelId } = this.#spot;
    stay();
    this.list.edit(message.ts, (done) =>
      editor(message, {
        me,
        save: (words) => edit(message, channelId, words),
        done: () => {
          done();
          this.focus();
        },
      }),
    );
  }

  async #remove(message) {
    const { channelId } = this.#spot;
    if (await askToDelete(summary(message))) await this.#try(remove(message, channelId));
    else this.list.go(message.ts);
  }

  #editLast() {
    const { channel, thread, me } = this.#spot;
    const sorted = (thread ? channel.threads.get(thread) : channel.roots) ?? [];
    const last = sorted.findLast((ts) => isOwn(channel.all.get(ts), me));
    if (last) this.#edit(channel.all.get(last));
    return Boolean(last);
  }

  async #try(doing) {
    try {
      await doing;
    } catch (error) {
      this.composer.complain(error);
    }
  }

  #drawBelow(closed, channel, me) {
    const wanted = !closed ? "write" : channel.is_archived ? "archived" : "join";
    const look = wanted === "write" ? wanted : `${wanted}/${channel.id}/${me}`;
    if (this.below.dataset.look === look) return;
    this.below.dataset.look = look;
    const archived = `#${channel.name} is archived. Nobody can write here.`;
    if (wanted === "write") fill(this.below, this.composer.element);
    else if (wanted === "archived") fill(this.below, h("p.shut", {}, archived));
    else fill(this.below, this.#invitation(channel, me));
  }

  #invitation(channel, me) {
    const onclick = () => this.#try(join(channel.id, me));
    return h(
      "p.shut",
      {},
      "You are looking at ",
      h("b", {}, `#${channel.name}`),
      h("button.go", { type: "button", onclick }, "Join channel"),
    );
  }
}

function ids({ me, channelId, thread }) {
  return { me, channel: channelId, thread };
}

// What is only for one person stands where it was sent, until it is put away.
function withEphemerals(keys, channel, thread, me) {
  const mine = [...world.slack.ephemerals.values()].filter(
    (one) => one.to === me && one.channel === channel && (one.thread_ts ?? "") === thread,
  );
  return mine.length ? [...keys, ...mine.map(({ ts }) => ts)].sort() : keys;
}

export class Channel {
  #read = {}; // the marks as they were drawn
  #head = "";

  constructor({ focusThread }) {
    this.pane = new Pane({ reply: (ts) => this.#reply(ts) });
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
    if (!this.empty.hidden) this.empty.textContent = emptyWords(channel, place.me);
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

// Where to begin is said once, where one looks first, and only to those who have not begun.
function emptyWords(channel, me) {
  const isFirst = channel.is_member && channelsOf(me)[0] === channel;
  const hasBegun = [...world.slack.channels.values()].some(({ all }) => all.size > 0);
  return `Nobody has written here yet.${isFirst && !hasBegun ? " Write something on the phone." : ""}`;
}

function members(channel) {
  const all = channel.members.map((id) => world.slack.users.get(id)).filter(Boolean);
  const faces = all.filter((user) => !user.is_bot).slice(0, FACES);
  return h(
    "span.members",
    { title: all.map(({ id }) => named(id)).join(", ") },
    faces.map((user) => avatarOf(user, "tiny")),
    h("span", { "aria-hidden": "true" }, String(channel.members.length)),
    h("span.unseen", {}, counted(channel.members.length, "member")),
  );
}

export class Thread {
  #wanted = false; // whether the field is to have the focus as soon as it is there

  constructor({ closed }) {
    this.closed = closed;
    this.pane = new Pane({ reply: () => this.pane.focus() });
    this.where = h("span.soft");
    this.back = h("button.tool.back", { type: "button", onclick: () => this.close() }, icon("back"));
    const shut = { type: "button", "aria-label": "Close thread", title: "Close thread", onclick: () => this.close() };
    const title = h("h3.title", {}, "Thread");
    const head = h("header.head", {}, this.back, title, this.where, h("button.tool.shut-thread", shut, icon("close")));
    const { list, below } = this.pane;
    this.element = h("section.pane.thread", { "aria-label": "Thread", hidden: true }, head, list.element, below);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && event.target === this.pane.composer.field) this.close();
    });
  }

  draw(place) {
    this.place = place;
    const channel = world.slack.channels.get(place.channel);
    const root = channel?.all.get(place.thread);
    this.element.hidden = !root;
    if (!root) return;
    this.where.textContent = `#${channel.name}`;
    this.back.setAttribute("aria-label", `Back to #${channel.name}`);
    const keys = [place.thread, ...(channel.threads.get(place.thread) ?? [])];
    const spot = { me: place.me, channel, thread: place.thread };
    this.pane.show(spot, keys, { name: "Messages in the thread", label: "Reply…" });
    if (!this.#wanted) return;
    this.#wanted = false;
    setTimeout(() => this.pane.focus()); // when it has been laid out, which the focus would have to wait for
  }

  /** Write in the thread that is about to be shown. */
  focus() {
    this.#wanted = true;
  }

  close() {
    const { thread } = this.place;
    closeThread();
    this.closed(thread);
  }
}
