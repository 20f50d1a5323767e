// The line as a book: every change of the flow read once, in the order of time, each knock joined to its door.

import { doorway, tell } from "./steps.js";
import { world } from "../ground/world.js";

const KEPT = 1000;
const SAME_KNOCK = 2000; // ms between a knock, as the caller tells it, and the door, as we do
const LOOK_BACK = 60;

export const book = {
  steps: [], // oldest first
  fresh: [], // read by the last reading
  homes: new Map(), // id -> the conversation it belongs to
};

let pages = null; // world.flow as it was read last
let last = null;

/** Read what is new; gives whether the book began anew. */
export function read() {
  const flow = world.flow;
  const from = flow === pages ? flow.lastIndexOf(last) + 1 : 0;
  const anew = from === 0;
  if (anew) Object.assign(book, { steps: [], homes: new Map() });
  book.fresh = flow.slice(from).map(enter);
  if (book.steps.length > KEPT) book.steps.splice(0, book.steps.length - KEPT);
  [pages, last] = [flow, flow.at(-1) ?? null];
  return anew;
}

// In one and the same ms the application's line comes after what it tells about.
const RANK = { line: 0.5 };

function enter(change) {
  const at = change.at - (change.ms ?? 0); // a step is told when it ends, and stands where it begins
  const step = { change, at, order: at + (RANK[change.kind] ?? 0), partner: null, hidden: false, version: 0 };
  Object.assign(step, tell(change));
  let place = book.steps.length;
  while (place > 0 && book.steps[place - 1].order > step.order) place -= 1;
  book.steps.splice(place, 0, step);
  join(step);
  learn(step);
  return step;
}

// A knock is told twice, by who knocks (with its id) and by the door (with the signature): one step out of both.
function join(step) {
  const recent = book.steps.slice(-LOOK_BACK);
  const partner = recent.find((other) => !other.partner && (belong(step, other) || belong(other, step)));
  if (!partner) return;
  const [door, knock] = step.change.kind === "door" ? [step, partner] : [partner, step];
  [door.partner, knock.partner] = [knock, door];
  Object.assign(door, tell(door.change, knock.change));
  door.version += 1;
  knock.hidden = true;
  learn(door);
}

function belong({ change: door }, { change: knock }) {
  if (door.kind !== "door" || door.status !== knock.status) return false;
  const way = doorway(door);
  return way?.kind === knock.kind && way.source === knock.source && Math.abs(door.at - knock.at) < SAME_KNOCK;
}

function learn({ ids }) {
  const homes = ids.filter(({ what }) => what === "conversation");
  if (homes.length !== 1) return; // a bell for several tells nothing about any of them
  for (const { id } of ids) book.homes.set(id, homes[0].id);
}

/** Tell whether a step is about an id; of a conversation everything that belongs to it. */
export function isAbout(step, id) {
  return step.ids.some((one) => one.id === id || book.homes.get(one.id) === id);
}
