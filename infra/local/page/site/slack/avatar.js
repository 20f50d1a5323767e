// Pictures of people and apps: a coloured square with initials, an emoji, or the app's own sign.

import { h } from "../ground/dom.js";
import { glyph } from "../blocks/emoji.js";
import { world } from "../ground/world.js";

const COLOURS = 8; // see .avatar in slack.css

/** Who wrote a message: { key, name, app, emoji, picture, user }. */
export function authorOf(message) {
  const user = world.slack.users.get(message.user);
  const name = message.username ?? user?.real_name ?? message.bot_profile?.name ?? message.user ?? "An app";
  return {
    key: `${message.user ?? ""}/${message.bot_id ?? ""}/${message.username ?? ""}`,
    name,
    user,
    app: Boolean(message.bot_id),
    emoji: message.icons?.emoji ?? "",
    ours: message.bot_id === world.slack.app.bot_id && !message.username,
  };
}

/** The picture of an author; their name stands beside it, so it says nothing itself. */
export function avatar(author, size = "") {
  const kind = size ? `span.avatar.${size}` : "span.avatar";
  if (author.ours) return h(kind, { "aria-hidden": "true", "data-look": "app" }, sign());
  const drawn = author.emoji && glyph(author.emoji.replaceAll(":", ""));
  if (drawn) return h(kind, { "aria-hidden": "true", "data-look": "emoji" }, drawn);
  return h(kind, { "aria-hidden": "true", "data-look": `c${colourOf(author)}` }, initials(author.name));
}

export function avatarOf(user, size = "") {
  return avatar({ key: user.id, name: user.real_name, user }, size);
}

function sign() {
  return h("img", { src: "icon.svg", alt: "" });
}

function initials(name) {
  const words = name.split(/[\s·]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "?";
}

function colourOf({ key, user }) {
  if (user) return [...world.slack.users.keys()].indexOf(user.id) % COLOURS;
  let sum = 7;
  for (const letter of key) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % COLOURS;
}
