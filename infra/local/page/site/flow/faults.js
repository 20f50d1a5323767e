// How things are made to go wrong and put right again: each way is a control of a stand-in, and what it tells of it.

import { pull } from "../ground/live.js";
import { inHand, standingOf } from "../phone/pocket.js";
import { SWITCHES } from "./faults-table.js";
import { service } from "./words.js";
import { world } from "../ground/world.js";

const FOR_LONG = 500; // more calls than anybody counts: it is as good as until somebody puts it right

const PROVIDERS = ["twilio", "whatsapp", "telegram"];

function source(standIn) {
  return standIn === "slack" ? world.slack : world.phones[standIn];
}

/** Tell whether a stand-in is there to be meddled with. */
export function reachable(standIn) {
  return Boolean(source(standIn));
}

// Each way: what it is like now ({ on, words }), how to do it, how to undo it.
const WAYS = {
  fail: { now: planned, start: ({ standIn, plan, times }) => pull(standIn, "fail", { ...plan, times }), stop: unplan },
  repeat: {
    now: ({ standIn }) => told(extra(standIn) > 0, "twice"),
    start: ({ standIn }) => pull(standIn, ...REPEATING(standIn, 1)),
    stop: ({ standIn }) => pull(standIn, ...REPEATING(standIn, 0)),
  },
  hold: {
    now: () => told(Boolean(world.slack?.held), `${world.slack?.events?.held ?? 0} held`),
    start: () => pull("slack", "hold_events"),
    stop: () => pull("slack", "release_events", { reverse: true }),
  },
  archive: {
    now: ({ channel }) => told(Boolean(room(channel)?.is_archived), "archived"),
    start: ({ channel }) => pull("slack", "archive", { channel }),
    stop: ({ channel }) => pull("slack", "unarchive", { channel }),
  },
  block: {
    now: () => {
      const { blocked, stopped } = standing();
      return told(blocked || stopped, "blocked");
    },
    start: () => {
      const { standIn, who, medium } = hand();
      return pull(standIn, "block", standIn === "twilio" ? { who, medium } : { who });
    },
    stop: () => pull(hand().standIn, "unblock", { who: hand().who }),
    cannotStart: () => {
      const { standIn, who, name } = hand();
      return world.phones[standIn].phones.has(who) ? "" : `${name} has not written on this channel yet.`;
    },
  },
  close: {
    now: () => {
      const ends = standing().window_ends;
      return told(ends !== null && ends < Date.now(), "closed until they write");
    },
    start: () => pull(hand().standIn, "close_window", { who: hand().who }),
    cannotStart: () =>
      standing().window_ends === null
        ? "There is no window here: one opens when somebody writes by WhatsApp."
        : "",
    cannotStop: () => `It opens by itself when ${hand().name} writes again.`,
  },
};

const REPEATING = (standIn, n) => [standIn === "slack" ? "repeat_events" : "repeat", { n }];

function told(on, words) {
  return { on, words: on ? words : "" };
}

function extra(standIn) {
  return source(standIn)?.repeat ?? 0;
}

function room(name) {
  return [...(world.slack?.channels.values() ?? [])].find((channel) => channel.name === name);
}

/** Whose phone is in hand: { standIn, who, medium, name }. */
export function hand() {
  const { person, medium } = inHand();
  return { standIn: medium.standIn, medium: medium.medium, who: person.addresses[medium.standIn], name: person.name };
}

function standing() {
  const { person, medium } = inHand();
  return standingOf(person, medium);
}

// Keys in the order of their names: two plans are the same whichever way they were written down.
function likeness({ how, on, method }) {
  return JSON.stringify([Object.entries(how).sort(), on ?? method ?? ""]);
}

function planned({ standIn, plan }) {
  const same = (source(standIn)?.faults ?? []).filter((one) => likeness(one) === likeness(plan));
  const left = same.reduce((sum, one) => sum + one.left, 0);
  return told(left > 0, left > FOR_LONG ? "until put right" : `${left} to go`);
}

// There is only a control that forgets every plan, so the others are made again.
async function unplan({ standIn, plan }) {
  const { faults, held } = source(standIn);
  const others = faults.filter((one) => likeness(one) !== likeness(plan));
  const again = extra(standIn);
  await pull(standIn, "mend");
  for (const { left, ...other } of others) await pull(standIn, "fail", { ...other, times: left });
  if (again) await pull(standIn, ...REPEATING(standIn, again));
  if (held) await pull("slack", "hold_events");
}

/** How a switch stands: { on, words }. */
export function now(one) {
  return reachable(standInOf(one)) ? WAYS[one.way].now(one) : told(false, "");
}

/** Whose switch it is; those about the customer belong to whichever provider the phone uses. */
export function standInOf(one) {
  return one.standIn ?? hand().standIn;
}

/** Say why a switch cannot be used just now, "" if it can. */
export function objection(one) {
  const standIn = standInOf(one);
  if (!reachable(standIn)) return `The real ${service(standIn)} is connected, and does what it likes.`;
  const way = WAYS[one.way];
  return way[now(one).on ? "cannotStop" : "cannotStart"]?.() ?? "";
}

/** Turn a switch the other way, and tell whether it is on then; throws in words. */
export async function turn(one) {
  const against = objection(one);
  if (against) throw new Error(against);
  const way = WAYS[one.way];
  const { on } = now(one);
  await (on ? way.stop(one) : way.start(one));
  return !on;
}

/** How many switches are on. */
export function wrong() {
  return SWITCHES.filter((one) => now(one).on).length;
}

/** Put everything right, everywhere; what a customer decided stays theirs. */
export async function mendAll() {
  const there = ["slack", ...PROVIDERS].filter(reachable);
  for (const one of SWITCHES.filter(({ way }) => way === "archive")) if (now(one).on) await turn(one);
  const block = SWITCHES.find(({ way }) => way === "block");
  if (now(block).on) await turn(block);
  await Promise.all(there.map((standIn) => pull(standIn, "mend")));
}
