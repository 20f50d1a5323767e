// The line as rows, newest at the bottom: made once, kept while they are wanted, a few in each frame.

import { h } from "../ground/dom.js";
import { book, isAbout } from "./book.js";
import { moment, short } from "./words.js";
import { touch } from "../ground/world.js";

const MOST = 500;
const AT_ONCE = 20; // rows made in one frame, so that a burst holds up nobody

export const shown = {
  noise: false,
  only: null, // the id whose rows alone are shown
  marked: null, // the id whose rows stand out
};

const rows = new Map(); // step -> { row, version }
const steps = new WeakMap(); // row -> step

/** Bring the log up to date; gives whether anything was added. */
export function drawRows(log) {
  const wanted = book.steps.filter(isWanted).slice(-MOST);
  const kept = new Set(wanted);
  for (const [step, { row }] of rows) if (!kept.has(step)) drop(log, step, row);
  const due = wanted.filter((step) => rows.get(step)?.version !== step.version);
  for (const step of due.slice(0, AT_ONCE)) put(log, step);
  if (due.length > AT_ONCE) touch("flow");
  return due.length > 0;
}

function isWanted(step) {
  if (step.hidden || (step.noise && !shown.noise)) return false;
  return !shown.only || isAbout(step, shown.only);
}

function drop(log, step, row) {
  rows.delete(step);
  if (row.contains(document.activeElement)) log.focus({ preventScroll: true });
  row.remove();
}

function put(log, step) {
  const row = make(step);
  const old = rows.get(step)?.row;
  rows.set(step, { row, version: step.version });
  steps.set(row, step);
  if (old) swap(old, row);
  else place(log, step, row);
}

function swap(old, row) {
  const chip = old.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  old.replaceWith(row);
  if (chip) row.querySelector(`[data-id="${CSS.escape(chip)}"]`)?.focus({ preventScroll: true });
}

function place(log, step, row) {
  let before = log.lastElementChild;
  while (before && steps.get(before).order > step.order) before = before.previousElementSibling;
  if (before) before.after(row);
  else log.prepend(row);
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
