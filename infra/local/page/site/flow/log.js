// The line as a book and as rows: every change of the flow read once, in the order of time, each knock joined to its
// door; a row for each step, newest at the bottom, made once, kept while it is wanted, a few in each frame.

import { h, isHeld } from "../ground/dom.js";
import { touch, world } from "../ground/world.js";
import { moment, short } from "./lines.js";
import { doorway, tell } from "./sentences.js";

const KEPT = 1000;
const SAME_KNOCK = 2000; // ms between a knock, as the caller tells it, and the door, as we do
const LOOK_BACK = 60;
const NAMES = new Set(["item", "message", "ts", "post", "event"]); // what one message is called on its way
const WORK = new Set(["post", "send"]);

export const book = {
  steps: [], // oldest first
  fresh: [], // read by the last reading
  homes: new Map(), // id -> the conversation it belongs to
  kin: new Map(), // id -> all the ids of the same message, one set for them all
  uses: new Map(), // id -> the number of steps that bear it
};

let pages = null; // world.flow as it was read last
let last = null;

/** Read what is new; gives whether the book began anew. */
export function read() {
  const flow = world.flow;
  const from = flow === pages ? flow.lastIndexOf(last) + 1 : 0;
  const anew = from === 0;
  if (anew) Object.assign(book, { steps: [], homes: new Map(), kin: new Map(), uses: new Map() });
  book.fresh = flow.slice(from).map(enter);
  if (book.steps.length > KEPT) book.steps.splice(0, book.steps.length - KEPT).forEach(forget);
  [pages, last] = [flow, flow.at(-1) ?? null];
  return anew;
}

// In one and the same ms the application's line comes after what it tells about.
const RANK = { line: 0.5 };

function enter(change) {
  const at = change.at - (change.ms ?? 0); // a step is told when it ends, and stands where it begins
  const order = at + (RANK[change.kind] ?? 0);
  const step = { change, at, order, partner: null, hidden: false, version: 0, known: new Set(), ...tell(change) };
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

function learn(step) {
  const { ids, change, known } = step;
  for (const { id } of ids) if (!known.has(id)) book.uses.set(id, (book.uses.get(id) ?? 0) + 1);
  for (const { id } of ids) known.add(id);
  const homes = ids.filter(({ what }) => what === "conversation");
  // A bell for several tells nothing about any of them.
  if (homes.length === 1) for (const { id } of ids) book.homes.set(id, homes[0].id);
  if (change.kind !== "bell") relate(ids.filter(({ what }) => NAMES.has(what)).map(({ id }) => id));
}

function relate(ids) {
  const all = new Set(ids.flatMap((id) => [id, ...(book.kin.get(id) ?? [])]));
  if (all.size > 1) for (const id of all) book.kin.set(id, all);
}

// What no step bears any more is not kept either, or a page that is open for days would grow.
function forget({ known }) {
  for (const id of known) {
    const left = book.uses.get(id) - 1;
    if (left > 0) {
      book.uses.set(id, left);
      continue;
    }
    book.kin.get(id)?.delete(id);
    for (const map of [book.uses, book.homes, book.kin]) map.delete(id);
  }
}

/** Find the steps about an id: of a message its whole way, of a conversation all that belongs to it. */
function about(id) {
  const kin = book.kin.get(id) ?? new Set([id]);
  const own = book.steps.filter(({ ids }) => ids.some((one) => kin.has(one.id) || book.homes.get(one.id) === id));
  const home = [...kin].map((one) => book.homes.get(one)).find(Boolean);
  if (!own.length || !home || home === id) return new Set(own);
  // Until its post, the bells of its conversation ring for it too.
  const posted = own.findLast(({ station }) => WORK.has(station))?.order ?? Infinity;
  const rings = ({ change, order, ids }) =>
    change.kind === "bell" && order >= own[0].order && order <= posted && ids.some((one) => one.id === home);
  return new Set([...own, ...book.steps.filter(rings)]);
}

// ---- the rows

const MOST = 500;
const AT_ONCE = 20; // rows made in one frame, so that a burst holds up nobody

export const shown = {
  noise: false,
  only: null, // the id whose rows alone are shown
  marked: null, // the id whose rows stand out
};

const rows = new Map(); // step -> { row, version }

/** Bring the log up to date; gives whether anything was added. */
export function drawRows(log) {
  const only = shown.only && about(shown.only);
  const wanted = book.steps.filter((step) => isWanted(step) && (!only || only.has(step))).slice(-MOST);
  const kept = new Set(wanted);
  for (const [step, { row }] of rows) if (!kept.has(step)) drop(log, step, row);
  let due = 0;
  let next = null;
  // The newest first, since that is what is looked at.
  for (const step of wanted.reverse()) {
    if (isDue(step)) {
      due += 1;
      if (due <= AT_ONCE) put(log, step, next);
    }
    next = rows.get(step)?.row ?? next;
  }
  if (due > AT_ONCE) touch("flow");
  return due > 0;
}

function isDue(step) {
  const drawn = rows.get(step);
  return drawn?.version !== step.version && !(drawn && isHeld(drawn.row));
}

function isWanted(step) {
  return !step.hidden && (shown.noise || !step.noise);
}

function drop(log, step, row) {
  rows.delete(step);
  if (row.contains(document.activeElement)) log.focus({ preventScroll: true });
  row.remove();
}

function put(log, step, next) {
  const row = make(step);
  const old = rows.get(step)?.row;
  rows.set(step, { row, version: step.version });
  if (old) swap(old, row);
  else log.insertBefore(row, next);
}

function swap(old, row) {
  const chip = old.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  old.replaceWith(row);
  const same = chip && row.querySelector(`[data-id="${CSS.escape(chip)}"]`);
  if (chip) (same ?? row.parentElement).focus({ preventScroll: true });
}

function make(step) {
  const { tone } = step;
  const same = shown.marked && isSame(step, shown.marked);
  return h(
    same ? "div.flow-step.flow-same" : "div.flow-step",
    { dataset: { station: step.station, tone, kind: step.change.kind, source: step.change.source } },
    h("time.flow-at", { datetime: new Date(step.at).toISOString() }, moment(step.at)),
    h("span.flow-station", {}, step.station),
    h("span.flow-words", {}, tone && h("b.flow-tone", {}, tone), tone && " ", step.words),
    h("span.flow-ids", {}, step.ids.map(chip)),
  );
}

function chip({ what, id }) {
  return h(
    "button.flow-id",
    {
      type: "button",
      tabindex: "-1", // reached by the arrows: five hundred rows would be a thousand stops
      title: `${what} ${id}`,
      "aria-label": `Copy ${what} ${id}`,
      dataset: { id, what },
    },
    h("span.flow-id-what", {}, what),
    short(id),
  );
}

function isSame(step, id) {
  return step.ids.some((one) => one.id === id);
}

/** Let every row with this id stand out, or none; gives how many do. */
export function mark(id) {
  shown.marked = id;
  let found = 0;
  for (const [step, { row }] of rows) {
    const same = Boolean(id) && isSame(step, id);
    row.classList.toggle("flow-same", same);
    found += same;
  }
  return found;
}

const KEYS = {
  ArrowUp: (row) => beside(row, "previousElementSibling"),
  ArrowDown: (row) => beside(row, "nextElementSibling"),
  ArrowLeft: (row, at) => at?.previousElementSibling,
  ArrowRight: (row, at) => at?.nextElementSibling,
  Home: (row) => beside(row.parentElement.firstElementChild, "nextElementSibling", true),
  End: (row) => beside(row.parentElement.lastElementChild, "previousElementSibling", true),
};

function beside(row, way, self = false) {
  let next = self ? row : row[way];
  while (next && !next.querySelector(".flow-id")) next = next[way];
  return next?.querySelector(".flow-id");
}

/** Walk through the ids by arrow keys: up and down from row to row, left and right inside one. */
export function walk(log, event) {
  const step = KEYS[event.key];
  if (!step || !log.lastElementChild) return;
  const at = event.target.closest(".flow-id");
  const next = at ? step(at.closest(".flow-step"), at) : KEYS.End(log.lastElementChild);
  event.preventDefault();
  next?.focus();
}
