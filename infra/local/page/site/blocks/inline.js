// What stands in a line wherever Slack shows words: links, mentions, dates, styles, and what shows as itself.

import { h } from "../ground/dom.js";
import { withEmoji } from "./emoji.js";

const LONGEST_ADDRESS = 3000;

const AFTER_ADDRESS = ".,!?;:'\"*_~";
const SHOWN_AT_MOST = 100_000;
const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

/** Give a text's characters, whatever it is: people write numbers and nothing where a text belongs. */
export function asText(value) {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? asJson(value) : String(value);
}

/** Take a list, or refuse what is none: a block that is not as documented shows as itself. */
export function listOf(value) {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value;
}

/** Take a text, or refuse what is none. */
export function words(value) {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value;
}

/** Show plain words with their :emoji:. */
export function renderPlain(text) {
  return withEmoji(asText(text)).map((part) => (typeof part === "string" ? document.createTextNode(part) : part));
}

export function isSafe(url) {
  return typeof url === "string" && URL.canParse(url) && SAFE.has(new URL(url).protocol);
}

/** Make a link around these; null if the address is none that may be followed. */
export function link(url, children) {
  if (!isSafe(url)) return null;
  return h("a.bk-link", { href: url, target: "_blank", rel: "noreferrer noopener" }, children);
}

/** Cut off whatever stands at the end out of these characters; a regular expression would be slow on many. */
export function withoutTail(text, characters) {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** Link an address that stands in a text on its own; one too long for Slack is text. */
export function bareLink(found, place, read = (text) => text) {
  if (found.length >= LONGEST_ADDRESS) return { shown: read(found), end: place + found.length };
  const cut = withoutTail(found, AFTER_ADDRESS);
  const whole = cut.includes("(") ? cut : withoutTail(cut, `${AFTER_ADDRESS})`);
  const shown = link(read(whole), [read(whole)]);
  return shown && { shown, end: place + whole.length };
}

/** Write an address as people read it. */
export function bareAddress(url) {
  return url.replace(/^(?:mailto|tel):/i, "");
}

export function userMention(id, label, ctx) {
  const name = nameOf(ctx.user?.(id)) ?? label ?? id;
  return chip(`@${name}`, id === ctx.me);
}

export function nameOf(user) {
  return user?.profile?.display_name || user?.real_name || user?.name || null;
}

export function channelMention(id, label, ctx) {
  return chip(`#${ctx.channel?.(id)?.name || label || id}`, false);
}

export function groupMention(id, label, ctx) {
  const name = ctx.usergroup?.(id)?.handle ?? label ?? id;
  return chip(`@${name.replace(/^@/, "")}`, false);
}

export function broadcast(range) {
  return chip(`@${range}`, true);
}

function chip(name, mine) {
  return h(mine ? "span.bk-mention.bk-mine" : "span.bk-mention", { dir: "auto" }, name);
}

/**
 * Put elements around what stands between matching marks. A token is something to show, or
 * {mark, open, close}: whether it may open and may close. Marks of one kind never nest, so nothing gets deep.
 */
export function styled(tokens, tags) {
  const ends = pairs(tokens);
  const places = [{ children: [] }];
  tokens.forEach((token, place) => {
    const inside = places.at(-1);
    if (inside.end === place) {
      places.pop();
      places.at(-1).children.push(h(tags[token.mark], {}, joined(inside.children)));
    } else if (ends.has(place)) places.push({ children: [], end: ends.get(place) });
    else inside.children.push(token.mark ?? token);
  });
  return places[0].children;
}

function pairs(tokens) {
  const ends = new Map();
  const opened = new Map();
  tokens.forEach(({ mark, open, close }, place) => {
    if (!mark) return;
    const start = opened.get(mark);
    if (close && start !== undefined) {
      ends.set(start, place);
      for (const [other, where] of opened) if (where >= start) opened.delete(other);
    } else if (open) opened.set(mark, place);
  });
  return ends;
}

/** Make one of texts that are neighbours. */
export function joined(children) {
  const all = [];
  for (const child of children) {
    if (typeof child === "string" && typeof all.at(-1) === "string") all.push(all.pop() + child);
    else all.push(child);
  }
  return all;
}

/** Show what is not known as itself: folded, with everything that came. */
export function itself(thing, kind = "block") {
  const type = typeof thing?.type === "string" ? thing.type.slice(0, 80) : "without a type";
  return h(
    "details.bk-itself",
    {},
    h("summary", {}, `An unknown ${kind}: ${type}`),
    h("pre.bk-code", {}, asJson(thing)),
  );
}

function asJson(thing) {
  try {
    return (JSON.stringify(thing, null, 2) ?? String(thing)).slice(0, SHOWN_AT_MOST);
  } catch {
    return "(too deep to show)";
  }
}

// ---- dates, as Slack writes them for each reader:
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting

const DAY = 86_400_000;
const STEPS = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", DAY / 24],
  ["minute", DAY / 1440],
];

const TOKENS = {
  date_num: (date) => [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join("-"),
  date_slash: (date) => date.toLocaleDateString(),
  date: (date) => `${month(date)} ${nth(date)}, ${date.getFullYear()}`,
  date_short: (date) => `${month(date, "short")} ${date.getDate()}, ${date.getFullYear()}`,
  date_long: (date) => `${weekday(date)}, ${month(date)} ${nth(date)}, ${date.getFullYear()}`,
  date_long_full: (date) => `${month(date)} ${date.getDate()}, ${date.getFullYear()}`,
  date_pretty: (date, now) => near(date, now) ?? TOKENS.date(date),
  date_short_pretty: (date, now) => near(date, now) ?? TOKENS.date_short(date),
  date_long_pretty: (date, now) => near(date, now) ?? TOKENS.date_long(date),
  day_divider_pretty: (date, now) => near(date, now) ?? divider(date, now),
  time: (date) => timeOfDay(date, {}),
  time_secs: (date) => timeOfDay(date, { second: "2-digit" }),
  ago: (date, now) => ago(date - now),
};

/** Write a moment (seconds) as a format with {tokens} says; null if it is no moment. */
function slackDate(seconds, format, now = new Date()) {
  const date = new Date(Number(seconds) * 1000);
  if (seconds === "" || seconds === null || Number.isNaN(date.getTime()) || typeof format !== "string")
    return null;
  return format.replace(/\{([a-z_]{2,30})\}/g, (whole, token) =>
    Object.hasOwn(TOKENS, token) ? TOKENS[token](date, now) : whole,
  );
}

/** Draw a moment, linked if there is a link; what cannot be written shows its fallback. */
export function dateNode(seconds, format, url, fallback) {
  const written = slackDate(seconds, format);
  if (written === null) return fallback;
  const date = new Date(Number(seconds) * 1000);
  const title = `${TOKENS.date_long(date)} at ${TOKENS.time(date)}`;
  const time = h("time.bk-date", { datetime: date.toISOString(), title, dataset: { seconds, format } }, written);
  return url ? (link(url, [time]) ?? time) : time;
}

const OFTEN = 30_000; // ms

// What was today becomes yesterday while somebody looks at it.
setInterval(() => {
  for (const time of document.querySelectorAll("time.bk-date")) {
    const written = slackDate(time.dataset.seconds, time.dataset.format);
    if (written !== time.textContent) time.textContent = written;
  }
}, OFTEN);

function pad(number) {
  return String(number).padStart(2, "0");
}

function month(date, form = "long") {
  return date.toLocaleDateString("en", { month: form });
}

function weekday(date) {
  return date.toLocaleDateString("en", { weekday: "long" });
}

function nth(date) {
  const day = date.getDate();
  const teen = day > 10 && day < 14;
  return `${day}${(!teen && ["th", "st", "nd", "rd"][day % 10]) || "th"}`;
}

function timeOfDay(date, more) {
  return date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit", ...more }).replace("\u202f", " ");
}

function near(date, now) {
  const days = Math.round((midnight(date) - midnight(now)) / DAY);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

function divider(date, now) {
  const sameYear = date.getFullYear() === now.getFullYear();
  return sameYear ? `${weekday(date)}, ${month(date)} ${nth(date)}` : TOKENS.date_long(date);
}

function ago(ms) {
  const [unit, size] = STEPS.find(([, long]) => Math.abs(ms) >= long) ?? [];
  return unit ? new Intl.RelativeTimeFormat("en").format(Math.trunc(ms / size), unit) : "just now";
}
