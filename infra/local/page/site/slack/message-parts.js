// What messages are made of: names, pictures, little drawings, moments, and their words in one line.

import { glyph } from "../blocks/emoji.js";
import { nameOf } from "../blocks/inline.js";
import { h } from "../ground/dom.js";
import { ownPicture } from "../ground/pictures.js";
import { clock, dayName, hashed, initials } from "../ground/words.js";
import { world } from "../ground/world.js";

const MOMENT = new Intl.DateTimeFormat([], { dateStyle: "long", timeStyle: "medium" });
const COLOURS = 8; // see .avatar in slack.css
const READ_ALOUD = 400;
const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9.5h10v7.5H5zM7 9.5V6.5a3 3 0 0 1 6 0v3",
  archive: "M3.5 4h13v4h-13zM5 8v8.5h10V8M8.5 11.5h3",
  shared: "M4 7.5h8.5v9H4zM8 7.5v-4h8.5v9h-4",
  react: "M16.4 10.5a7 7 0 1 1-6.9-7M7.2 8.5v.2M12 8.5v.2M6.8 12a3.6 3.6 0 0 0 5.8 0M15 2.5v5M12.5 5h5",
  smile: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0M7.5 8v.2M12.5 8v.2M7 12a3.8 3.8 0 0 0 6 0",
  reply: "M4 4h12a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 16 14h-5l-4 3v-3H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 4M6.5 7.5h7M6.5 10.5h4.5",
  edit: "M4 16l.8-3.6 8.7-8.7a1.4 1.4 0 0 1 2 0l.8.8a1.4 1.4 0 0 1 0 2L7.6 15.2zM12 5.2l2.8 2.8",
  remove: "M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 8.5v5M11.5 8.5v5",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4.5 6.5 10l5.5 5.5",
  down: "M10 4v12M5.5 11.5 10 16l4.5-4.5",
  fold: "M6 8l4 4 4-4",
  send: "M3.5 3.8 17 10 3.5 16.2 5.5 10zM5.5 10H11",
  more: "M4.5 10v.2M10 10v.2M15.5 10v.2",
  bolt: "M11.5 2.5 4.5 11.5h5l-1 6 7-9h-5z",
  home: "M3.5 9.5 10 4l6.5 5.5M5.5 8v8.5h9V8",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5S15 15 10 15s-7.5-5-7.5-5M12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
  file: "M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15",
  attach: "M10 4v12M4 10h12",
  all: "M3.5 8v4h3l7 3.5v-11L6.5 8zM16 8.2v3.6M6.5 12v4h2.2v-3",
};

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  drawing.append(path);
  return drawing;
}

/** The name of a user by id: "you" never, the id itself where nobody knows it. */
export function named(id) {
  return nameOf(world.slack?.users.get(id)) ?? id;
}

/** Who wrote a message: { key, name, user, app, emoji, picture, ours }. */
export function authorOf(message) {
  const user = world.slack.users.get(message.user);
  return {
    key: `${message.user ?? ""}/${message.bot_id ?? ""}/${message.username ?? ""}/${message.icons?.image_48 ?? ""}`,
    name: message.username ?? nameOf(user) ?? message.bot_profile?.name ?? message.user ?? "An app",
    user,
    app: Boolean(message.bot_id),
    emoji: message.icons?.emoji ?? "",
    picture: ownPicture(message.icons?.image_48),
    ours: message.bot_id === world.slack.app.bot_id && !message.username,
  };
}

/** The picture of an author; their name stands beside it, so it says nothing itself. */
export function avatar(author, size = "") {
  const kind = size ? `span.avatar.${size}` : "span.avatar";
  const sign = author.ours && h("img", { src: "icon.svg", alt: "" });
  if (sign) return h(kind, { "aria-hidden": "true", "data-look": "app" }, sign);
  if (author.picture) {
    return h(kind, { "aria-hidden": "true", "data-look": "picture" }, h("img", { src: author.picture, alt: "" }));
  }
  const drawn = author.emoji && glyph(author.emoji.replaceAll(":", ""));
  if (drawn) return h(kind, { "aria-hidden": "true", "data-look": "emoji" }, drawn);
  return h(kind, { "aria-hidden": "true", "data-look": `c${colourOf(author)}` }, initials(author.name));
}

export function avatarOf(user, size = "") {
  return avatar({ key: user.id, name: named(user.id), user }, size);
}

function colourOf({ key, user }) {
  return user ? [...world.slack.users.keys()].indexOf(user.id) % COLOURS : hashed(key, COLOURS);
}

const ms = (ts) => Number(ts) * 1000;

export function timeOf(ts) {
  return clock(ms(ts));
}

/** The time where there is little room for it. */
export function shortTimeOf(ts) {
  return timeOf(ts).replace(/\s?[AP]M$/i, "");
}

export function momentOf(ts) {
  return MOMENT.format(ms(ts));
}

export function stampOf(ts) {
  return new Date(ms(ts)).toISOString();
}

/** Tells days apart. */
export function dayOf(ts) {
  return new Date(ms(ts)).toDateString();
}

export function dayNameOf(ts) {
  return dayName(ms(ts));
}

export function lastReply(ts) {
  return `Last reply ${dayNameOf(ts).replace(/^(Today|Yesterday)$/, (word) => word.toLowerCase())} at ${timeOf(ts)}`;
}

/** A stored text as somebody would have typed it. */
export function asTyped(text) {
  return plain(text, (id) => world.slack.users.get(id)?.name);
}

function plain(text, nameById) {
  const said = text.replace(/<([^<>]+)>/g, (_, inside) => token(inside, nameById));
  return said.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function token(inside, nameById) {
  const [what, label] = inside.split("|", 2);
  if (what.startsWith("@")) return `@${nameById(what.slice(1)) ?? label ?? what.slice(1)}`;
  if (what.startsWith("#")) return `#${world.slack.channels.get(what.slice(1))?.name ?? label ?? what.slice(1)}`;
  if (what.startsWith("!")) return label ?? `@${what.slice(1).split("^")[0]}`;
  return label ?? what;
}

const NAMED = /:([a-z0-9_+'-]{1,100})(?:::skin-tone-[2-6])?:/g;
const MARKED = /(^|[\s([{"'>*_~])([*_~`])(?=\S)([^\n]{0,300}?\S)\2(?=$|[\s.,:;!?)\]}"'*_~])/g;

/** The beginning of a message in one line, as it would be read aloud: without marks, emoji by their names. */
export function summary(message, length = READ_ALOUD) {
  const files = (message.files ?? []).map(({ name }) => name ?? "a file that is gone").join(", ");
  const text = plain((message.text ?? "").slice(0, 4 * length), named).replaceAll("```", " ");
  const words = bare(bare(text)).replace(NAMED, (whole, name) => (glyph(name) ? name.replaceAll("_", " ") : whole));
  const said = words.replace(/\s+/g, " ").trim() || files;
  return said.length > length ? `${said.slice(0, length)} …` : said;
}

const bare = (text) => text.replace(MARKED, "$1$3");
