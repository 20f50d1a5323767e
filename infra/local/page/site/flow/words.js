// How the line names things: services, channels, moments and ids, the short way and whole.

import { world } from "../ground/world.js";

const SERVICES = { slack: "Slack", twilio: "Twilio", whatsapp: "WhatsApp", telegram: "Telegram" };
const SHORT = 6;

/** Name a service as people know it. */
export function service(name) {
  return SERVICES[name] ?? String(name ?? "Somebody");
}

/** Name a Slack channel, by its id where nobody knows its name. */
export function channel(id) {
  const name = world.slack?.channels.get(id)?.name;
  return name ? `#${name}` : (id ?? "Slack");
}

/** Name somebody in Slack. */
export function person(id) {
  const user = world.slack?.users.get(id);
  return user?.real_name || user?.name || id || "Somebody";
}

/** Write a moment (ms) to the second, or to the thousandth of one. */
export function moment(ms, fine = true) {
  const at = new Date(ms);
  const two = (number) => String(number).padStart(2, "0");
  const whole = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return fine ? `${whole}.${String(at.getMilliseconds()).padStart(3, "0")}` : whole;
}

/** Write how many there are of something. */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** Write a header's name as its makers do. */
export function header(name) {
  return name.replace(/(^|-)\w/g, (letter) => letter.toUpperCase());
}

/** Shorten an id to the end of it, where ids differ. */
export function short(id) {
  const bare = id.replace(/=+$/, "");
  return bare.length <= SHORT + 4 ? bare : `…${bare.slice(-SHORT)}`;
}

const BELLS = new Set(["bell", "about"]);

// Which of a change's words are ids, and what each is called on its chip; of two with the same id the first stays.
const IDS = [
  ["conversation", "conversation"],
  ["bell", "conversation"],
  ["about", "conversation"],
  ["item", "item"],
  ["id", "message"],
  ["their_id", "message"],
  ["ts", "ts"],
  ["post", "post"],
  ["thread", "thread"],
  ["thread_ts", "thread"],
  ["raw", "raw"],
  ["event_id", "event"],
];

/** List the ids of a change as [{ what, id }]. A bell such as `raw:…` is about something else than a conversation. */
export function idsOf(change) {
  const found = new Map();
  for (const [field, what] of IDS) {
    for (const value of [change[field]].flat()) {
      const id = String(value ?? "");
      const other = BELLS.has(field) && id.includes(":");
      if (id && !other && !found.has(id)) found.set(id, { what, id });
    }
  }
  return [...found.values()];
}
