// The side of Slack: whose Slack it is, and the channels with what is unread in them.

import { avatarOf } from "./avatar.js";
import { h, list } from "../ground/dom.js";
import { counted } from "./message-words.js";
import { icon } from "./icons.js";
import { become, channelsOf, isGuest, isMember, openChannel, people } from "./place.js";
import { unread } from "./read.js";
import { world } from "../ground/world.js";

const MANY = 99;

export class Sidebar {
  constructor() {
    this.name = h("p.workspace");
    this.channels = h("ul", { "aria-labelledby": "slack-channels" });
    this.people = h("div.people", { role: "radiogroup", "aria-labelledby": "slack-people" });
    this.element = h(
      "nav.sidebar",
      { "aria-label": "Slack" },
      this.name,
      h("div.rooms", {}, h("h3", { id: "slack-channels" }, "Channels"), this.channels),
      h("div.viewers", {}, h("h3", { id: "slack-people" }, "Viewing as"), this.people),
    );
  }

  draw({ me, channel }) {
    const { team } = world.slack;
    this.name.textContent = team.name ?? "Threadline";
    const rooms = channelsOf(me).map((one) => describe(one, me, channel));
    const viewers = people().map((user) => ({ user, id: user.id, chosen: user.id === me }));
    list(this.channels, rooms, ({ id }) => id, room, lookOf);
    list(this.people, viewers, ({ id }) => id, viewer, lookOf);
  }
}

const lookOf = (thing) => JSON.stringify(thing);

function describe(channel, me, open) {
  const { id, name, is_private, is_archived, is_ext_shared } = channel;
  const inside = isMember(channel, me);
  return { id, name, is_private, is_archived, is_ext_shared, inside, open: id === open, ...unread(channel, me) };
}

function room(about) {
  const { id, name, open, count, mentions, inside } = about;
  const sign = about.is_private ? "lock" : about.is_archived ? "archive" : "hash";
  const button = {
    type: "button",
    title: name,
    "aria-current": open ? "page" : null,
    "aria-label": spoken(about),
    "data-key": id,
    "data-fresh": count > 0,
    "data-outside": !inside || about.is_archived,
    onclick: () => openChannel(id),
  };
  return h(
    "li",
    {},
    h(
      "button.room",
      button,
      icon(sign),
      h("span.room-name", {}, name),
      about.is_ext_shared ? icon("shared") : null,
      mentions ? h("span.badge", {}, mentions > MANY ? `${MANY}+` : String(mentions)) : null,
    ),
  );
}

function spoken({ name, is_private, is_archived, is_ext_shared, inside, count, mentions }) {
  return [
    name,
    is_private && "private",
    is_archived && "archived",
    is_ext_shared && "shared with another company",
    !inside && "not joined",
    count > 0 && `${count > MANY ? `more than ${MANY}` : count} unread`,
    mentions > 0 && counted(mentions, "mention"),
  ]
    .filter(Boolean)
    .join(", ");
}

function viewer({ user, chosen }) {
  const choose = () => become(user.id);
  const radio = { type: "radio", name: "viewing-as", checked: chosen, "data-key": user.id, onchange: choose };
  return h(
    "label.viewer",
    { "data-chosen": chosen },
    h("input", radio),
    avatarOf(user, "small"),
    h("span.viewer-name", {}, user.real_name),
    isGuest(user) ? h("span.guest", {}, "guest from another company") : null,
  );
}
