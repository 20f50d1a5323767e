// The words around messages: moments, days, and a message read aloud or typed again.

import { world } from "../ground/world.js";

const TIME = new Intl.DateTimeFormat([], { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });
const MOMENT = new Intl.DateTimeFormat([], { dateStyle: "long", timeStyle: "medium" });
const READ_ALOUD = 400;

const dateOf = (ts) => new Date(Number(ts) * 1000);

export function timeOf(ts) {
  return TIME.format(dateOf(ts));
}

/** The time where there is little room for it. */
export function shortTimeOf(ts) {
  return timeOf(ts).replace(/\s?[AP]M$/i, "");
}

export function momentOf(ts) {
  return MOMENT.format(dateOf(ts));
}

export function stampOf(ts) {
  return dateOf(ts).toISOString();
}

/** Tells days apart. */
export function dayOf(ts) {
  return dateOf(ts).toDateString();
}

export function dayName(ts) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - dateOf(ts).setHours(0, 0, 0, 0)) / 86_400_000);
  return ["Today", "Yesterday"][days] ?? DAY.format(dateOf(ts));
}

export function lastReply(ts) {
  return `Last reply ${dayName(ts).replace(/^[TY]/, (letter) => letter.toLowerCase())} at ${timeOf(ts)}`;
}

export function counted(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** A stored text as somebody would have typed it. */
export function asTyped(text) {
  const plain = text.replace(/<([^<>]+)>/g, (_, inside) => typedToken(inside));
  return plain.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function typedToken(inside) {
  const [what, label] = inside.split("|", 2);
  if (what.startsWith("@")) return `@${world.slack.users.get(what.slice(1))?.name ?? label ?? what.slice(1)}`;
  if (what.startsWith("#")) return `#${world.slack.channels.get(what.slice(1))?.name ?? label ?? what.slice(1)}`;
  if (what.startsWith("!")) return label ?? `@${what.slice(1).split("^")[0]}`;
  return label ?? what;
}

/** The beginning of a message in one line. */
export function summary(message, length = READ_ALOUD) {
  const files = (message.files ?? []).map(({ name }) => name).join(", ");
  const words = asTyped(message.text ?? "").replace(/\s+/g, " ").trim() || files;
  return words.length > length ? `${words.slice(0, length)} …` : words;
}
