// Dates as Slack writes them for each reader: https://docs.slack.dev/messaging/formatting-message-text#date-formatting

import { h } from "../ground/dom.js";
import { link } from "./inline.js";

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
export function slackDate(seconds, format, now = new Date()) {
  const date = new Date(Number(seconds) * 1000);
  if (seconds === "" || seconds === null || Number.isNaN(date.getTime()) || typeof format !== "string")
    return null;
  return format.replace(/\{([a-z_]{2,30})\}/g, (whole, token) =>
    Object.hasOwn(TOKENS, token) ? TOKENS[token](date, now) : whole,
  );
}

/** Draw a moment, linked if there is a link; what cannot be written shows its fallback. */
export function dateNode(seconds, format, url, fallback) {
  const words = slackDate(seconds, format);
  if (words === null) return fallback;
  const date = new Date(Number(seconds) * 1000);
  const title = `${TOKENS.date_long(date)} at ${TOKENS.time(date)}`;
  const time = h("time.bk-date", { datetime: date.toISOString(), title }, words);
  return url ? (link(url, [time]) ?? time) : time;
}

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
