// How things are made to go wrong and put right again: each way is a control of a stand-in, and what it tells of it.

import { pull } from "../ground/live.js";
import { service } from "../ground/words.js";
import { world } from "../ground/world.js";
import { inHand, standingOf } from "../phone/pocket.js";
import { LASTS, SWITCHES } from "./faults-table.js";

const PROVIDERS = ["twilio", "whatsapp", "telegram"];

function source(standIn) {
  return standIn === "slack" ? world.slack : world.phones[standIn];
}

function reachable(standIn) {
  return Boolean(source(standIn));
}

// Each way: what it is like now ({ on, words }), how to do it, how to undo it, and what may be against either.
const WAYS = {
  fail: {
    now: planned,
    start: ({ standIn, plan, times }) => pull(standIn, "fail", { ...plan, times }),
    stop: ({ standIn, plan }) => pull(standIn, "mend", { how: plan.how }),
  },
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
    now: () => told(Boolean(desk()?.is_archived), "archived"),
    start: () => pull("slack", "archive", { channel: desk().name }),
    stop: () => pull("slack", "unarchive", { channel: desk().name }),
    against: () => (desk() ? "" : "Threadline is in no channel here."),
  },
  block: {
    now: () => {
      const { blocked, stopped } = standing();
      return told(blocked || stopped, blocked ? "blocked" : "stopped");
    },
    start: () => {
      const { standIn, who, medium } = hand();
      return pull(standIn, "block", standIn === "twilio" ? { who, medium } : { who });
    },
    stop: () => pull(hand().standIn, "unblock", { who: hand().who }),
    against: (on) => {
      const { standIn, who, name } = hand();
      return on || world.phones[standIn].phones.has(who) ? "" : `${name} has not written on this channel yet.`;
    },
  },
  close: {
    now: () => {
      const ends = standing().window_ends;
      return told(ends !== null && ends < Date.now(), "until they write again");
    },
    start: () => pull(hand().standIn, "close_window", { who: hand().who }),
    against: (on) => {
      if (on) return `The window opens when ${hand().name} writes again.`;
      const none = standing().window_ends === null;
      return none ? "There is no window here: one opens when somebody writes by WhatsApp." : "";
    },
  },
};

const REPEATING = (standIn, n) => [standIn === "slack" ? "repeat_events" : "repeat", { n }];

function told(on, words) {
  return { on, words: on ? words : "" };
}

function extra(standIn) {
  return source(standIn)?.repeat ?? 0;
}

/** The channel of a desk: of the first, where the settings name several. */
function desk() {
  const channels = world.slack?.channels;
  return channels?.get(world.about.desks?.[0]) ?? [...(channels?.values() ?? [])].find((one) => one.is_member);
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
  return told(left > 0, left > LASTS / 2 ? "until put right" : `${left} to go`);
}

/** How a switch stands: { on, words }. */
export function now(one) {
  return reachable(standInOf(one)) ? WAYS[one.way].now(one) : told(false, "");
}

// Those about the customer belong to whichever provider the phone uses.
function standInOf(one) {
  return one.standIn ?? hand().standIn;
}

/** What a switch is called. */
export function titleOf({ title }) {
  return typeof title === "function" ? title(desk()) : title;
}

/** Say why nothing can be done about a service just now, "" if something can. */
export function outOfReach(standIn = hand().standIn) {
  if (reachable(standIn)) return "";
  const name = service(standIn);
  if (world.about.services?.[standIn] === "real") return `The real ${name} is connected, and does what it likes.`;
  return `${name} cannot be reached just now.`;
}

/** Say why a switch cannot be used just now, "" if it can. */
export function objection(one) {
  return outOfReach(standInOf(one)) || (WAYS[one.way].against?.(now(one).on) ?? "");
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

/** How many things go wrong that were planned; what a customer decided is not wrong but their own. */
export function wrong() {
  return SWITCHES.filter((one) => one.standIn && now(one).on).length;
}

/** Put everything right that was planned; what a customer decided stays as it is. */
export async function mendAll() {
  const archived = SWITCHES.find(({ way }) => way === "archive");
  if (now(archived).on) await turn(archived);
  await Promise.all(["slack", ...PROVIDERS].filter(reachable).map((standIn) => pull(standIn, "mend")));
}
