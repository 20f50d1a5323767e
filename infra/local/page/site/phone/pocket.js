// What a phone knows: whose it is, what it shows on a medium, what of it is new, and how they stand with the company.

import { pull } from "../ground/live.js";
import { look, view } from "../ground/view.js";
import { service } from "../ground/words.js";
import { world } from "../ground/world.js";
import { MEDIA, MEDIUM } from "./media.js";
import { everyone } from "./people.js";

export const COMPANY = "Your company";
const NOT_TO_READ = new Set(["read", "failed", "undelivered", "deleted"]);

/** The phone in hand: its person, and the medium that is open on it. */
export function inHand() {
  const people = everyone();
  const person = people.find(({ key }) => key === view.person) ?? people[0];
  const media = mediaOf(person);
  const chosen = MEDIUM[view.medium[person.key]];
  const medium = media.includes(chosen) ? chosen : (media.find((one) => holds(person, one)) ?? usual(person, media));
  return { people, person, medium, place: placeOf(person, medium) };
}

function usual(person, media) {
  return media.includes(MEDIUM[person.at]) ? MEDIUM[person.at] : media[0];
}

function holds(person, medium) {
  return !person.at && entriesOf(person, medium).length > 0;
}

/** The media on which a person can be met. */
export function mediaOf(person) {
  return MEDIA.filter(({ standIn }) => person.addresses[standIn]);
}

export function placeOf(person, medium) {
  return `${medium.key} ${person.addresses[medium.standIn]}`;
}

/** What the phone shows on a medium, oldest first. */
export function entriesOf(person, { standIn, medium }) {
  const shown = world.phones[standIn]?.phones.get(person.addresses[standIn]);
  if (!shown) return [];
  const all = [...shown.values()];
  return standIn === "twilio" ? all.filter((entry) => (entry.medium ?? "sms") === medium) : all;
}

export function isMine(entry) {
  return entry.direction === "from_customer";
}

export function standingOf(person, { standIn, medium }) {
  const standings = world.phones[standIn]?.standings.get(person.addresses[standIn]) ?? [];
  return standings.find((one) => one.medium === medium) ?? { stopped: false, blocked: false, window_ends: null };
}

// The replies that came since the customer last looked.
function unreadOf(person, medium) {
  const seen = view.seen[placeOf(person, medium)] ?? 0;
  return entriesOf(person, medium).filter(
    (entry) => !isMine(entry) && !NOT_TO_READ.has(entry.state) && (entry.at ?? Infinity) > seen,
  );
}

/** What is new on every phone, by place: once for all that draw it. */
export function news(people) {
  const found = new Map();
  for (const person of people) {
    for (const medium of mediaOf(person)) found.set(placeOf(person, medium), unreadOf(person, medium));
  }
  return found;
}

/** Let the customer read what is new; whether anybody is told of it, is the provider's affair. */
export async function readAll(person, medium) {
  const fresh = unreadOf(person, medium);
  if (!fresh.length) return;
  const last = Math.max(...fresh.map(({ at }) => at ?? Date.now()));
  look({ seen: { ...view.seen, [placeOf(person, medium)]: last } });
  if (medium.standIn !== "twilio") {
    await pull(medium.standIn, "read", { who: person.addresses[medium.standIn] });
  } else if (medium.medium !== "sms") {
    // Twilio's `read` opens every chat of a customer, but only one of them is open here.
    for (const { id } of fresh) await pull("twilio", "receipt", { message_id: id, state: "read" });
  }
}

/** Tell whether the provider has knocked in vain for a message and is still at it. */
export function knockedInVain(person, medium) {
  const vain = new Set();
  for (const { kind, source, what, who, id, status } of world.flow) {
    if (kind !== "webhook" || source !== medium.standIn || what === "status") continue;
    if (who !== undefined && String(who) !== person.addresses[source]) continue;
    if (status >= 200 && status < 300) vain.delete(id);
    else vain.add(id);
  }
  return vain;
}

/** Say why a medium cannot be used here just now, "" if it can. */
export function closedWords({ standIn }) {
  if (world.phones[standIn] || world.live === "connecting") return "";
  const name = service(standIn);
  if (world.about.services?.[standIn] === "real") return `The real ${name} is connected: use a real phone.`;
  return `${name} cannot be reached just now.`;
}

/** Where the company is met on a medium, as a phone shows it; "" where nobody is there. */
export function companyAt({ standIn, medium }) {
  const there = world.phones[standIn]?.ours?.[medium] ?? "";
  return there.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");
}
