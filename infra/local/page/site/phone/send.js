// What the customer sends: one after the other, with a clock on each until the provider has it; and what is known of it here alone.

import { pull } from "../ground/live.js";
import { on, touch } from "../ground/world.js";
import { entriesOf, isMine, placeOf } from "./pocket.js";

const FORGOTTEN = 5000; // ms after which something taken but never shown was shown before a reset
const KEPT = 200;

const waiting = new Map(); // place -> what was sent from here and is not on the phone yet
const lines = new Map(); // place -> the promise that all of it went out
const gone = new Map(); // "place id" -> what was sent from here, when it is more than words
let number = 0;

// The providers count from one again.
on(["begin"], () => gone.clear());

function keep(kept, place, id, one) {
  kept.set(`${place} ${id}`, one);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
}

/** What was sent and does not show yet; what shows by now is forgotten. */
export function waitingAt(person, medium) {
  const place = placeOf(person, medium);
  const left = waiting.get(place);
  if (!left?.length) return [];
  const mine = entriesOf(person, medium).filter(isMine);
  const claimed = new Set(left.map(({ id }) => id));
  const still = left.filter((one) => {
    const entry = one.id ? mine.find(({ id }) => id === one.id) : mine.slice(one.from).find((entry) => fits(one, entry, claimed));
    if (entry) claimed.add(entry.id);
    if (entry) remember(place, entry.id, one);
    return !entry;
  });
  waiting.set(place, still);
  return still;
}

function fits(one, entry, claimed) {
  return !claimed.has(entry.id) && (one.kind !== "text" || entry.text === one.text);
}

function remember(place, id, one) {
  if (one.kind !== "text") keep(gone, place, id, one);
}

/** What was sent from here as this entry, if it was: { kind, pictures, spot }. */
export function sentAs(place, { id }) {
  return gone.get(`${place} ${id}`) ?? { kind: "text" };
}

/** Send something; it stands in the conversation at once. Throws what is said against it. */
export async function send(person, medium, about, { text = "", kind = "text", verb = "write", ...more }) {
  const place = placeOf(person, medium);
  const from = entriesOf(person, medium).filter(isMine).length;
  const one = { key: `waiting ${++number}`, text, kind, ...more, from, at: Date.now(), state: "waiting" };
  waiting.set(place, [...(waiting.get(place) ?? []), one]);
  touch("phones");
  const before = lines.get(place) ?? Promise.resolve();
  const mine = before.then(() => pull(medium.standIn, verb, { who: person.addresses[medium.standIn], ...about }));
  lines.set(place, mine.catch(() => {}));
  try {
    const { id } = await mine;
    one.id = id;
    remember(place, id, one);
    setTimeout(drop, FORGOTTEN, place, one);
  } catch (error) {
    drop(place, one);
    throw error;
  } finally {
    touch("phones");
  }
}

function drop(place, one) {
  waiting.set(place, (waiting.get(place) ?? []).filter((other) => other !== one));
  touch("phones");
}
