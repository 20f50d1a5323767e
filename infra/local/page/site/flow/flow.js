// What happens in between: the line of steps, the stations above it, and the switches beside it, in a drawer.

import { announce, fill, h } from "../ground/dom.js";
import { openDrawer } from "./drawer.js";
import { wrong } from "./faults.js";
import { drawSwitches, switchboard } from "./faults-panel.js";
import { book, read } from "./book.js";
import { drawRows, mark, shown, walk } from "./rows.js";
import { light, stations } from "./stations.js";
import { moment, short } from "./words.js";
import { view } from "../ground/view.js";
import { on, touch } from "../ground/world.js";

const LOUD = new Set(["hitch", "failure"]);
const NEAR = 12; // px from the bottom that still count as the bottom

// A log is read out as it grows, which here would never end: only what goes wrong is announced.
const log = h("div.flow-log", {
  role: "log",
  "aria-live": "off",
  "aria-label": "What happened, the newest last",
  tabindex: "0",
});
const noise = h("button.quiet", { type: "button", "aria-pressed": "false", onclick: toggleNoise }, "Show everything");
const newest = h("button.flow-newest", { type: "button", hidden: true, onclick: toBottom }, "To the newest");
const picked = h("p.flow-picked", { hidden: true });
const empty = h("p.flow-empty", {}, "Nothing has happened yet. Write as a customer, and watch it go through.");

let pinned = null; // { what, id } of the chip that was pressed last
let stuck = true;
let seen = 0;

/** Begin to show the flow. */
export function startFlow(root) {
  const line = h(
    "section.flow-line",
    { id: "flow-line", "aria-label": "The line" },
    h("div.flow-head", {}, stations(), noise),
    picked,
    h("div.flow-log-place", {}, log, empty, newest),
  );
  const bar = openDrawer(root, line, switchboard());
  on(["flow"], () => news(bar.latest));
  on(["view"], () => view.between && draw());
  on(["faults", "slack", "phones", "view", "about"], () => count(bar.wrong));
  listen();
}

function listen() {
  log.addEventListener("scroll", scrolled, { passive: true });
  log.addEventListener("keydown", (event) => walk(log, event));
  log.addEventListener("click", ({ target }) => pick(target.closest(".flow-id")));
  log.addEventListener("pointerover", ({ target }) => pointAt(target.closest(".flow-id")));
  log.addEventListener("pointerleave", () => pointAt(null));
  log.addEventListener("focusin", ({ target }) => pointAt(target.closest(".flow-id")));
  log.addEventListener("focusout", () => pointAt(null));
  new ResizeObserver(() => stuck && toBottom()).observe(log);
}

function news(latest) {
  const anew = read();
  const told = book.fresh.map((step) => (step.hidden ? step.partner : step)).filter((step) => !step.noise);
  const last = book.steps.findLast((step) => !step.noise && !step.hidden);
  fill(latest, last && h("time", {}, moment(last.at, false)), last && ` · ${last.words}`);
  latest.title = last?.words ?? "";
  if (!anew) tellAloud(told);
  if (!view.between) return;
  if (!anew) light(told);
  draw();
}

function tellAloud(told) {
  const loud = told.findLast(({ tone }) => LOUD.has(tone));
  if (loud) announce(`${loud.tone}: ${loud.words}`);
}

function draw() {
  const added = drawRows(log);
  empty.hidden = log.childElementCount > 0;
  if (added && stuck) toBottom();
}

function toBottom() {
  stuck = true;
  newest.hidden = true;
  log.scrollTop = log.scrollHeight;
  if (document.activeElement === newest) log.focus();
}

function scrolled() {
  const up = log.scrollTop < seen - 1;
  seen = log.scrollTop;
  if (log.scrollHeight - log.clientHeight - seen < NEAR) stuck = true;
  else if (up) stuck = false;
  newest.hidden = stuck;
}

function toggleNoise() {
  shown.noise = !shown.noise;
  noise.setAttribute("aria-pressed", shown.noise);
  touch("flow");
}

function pointAt(chip) {
  const id = chip?.dataset.id ?? pinned?.id ?? null;
  if (id !== shown.marked) mark(id);
}

async function pick(chip) {
  if (!chip) return;
  const { id, what } = chip.dataset;
  pinned = { id, what };
  document.dispatchEvent(new CustomEvent("threadline:show", { detail: { id, what } }));
  drawPicked(mark(id));
  announce(`${what} ${await copied(id) ? "copied" : id}`);
}

async function copied(id) {
  try {
    await navigator.clipboard.writeText(id);
    return true;
  } catch {
    return false; // the browser does not let us; the whole id is in the title
  }
}

function drawPicked(found) {
  picked.hidden = !pinned && !shown.only;
  if (picked.hidden) return;
  const { what, id } = shown.only ? shown.onlyOf : pinned;
  const name = [what, " ", h("code", { title: id }, short(id))];
  const these = what === "conversation" ? "Only this conversation" : "Only these lines";
  fill(
    picked,
    h("span", {}, shown.only ? ["Only ", name] : [name, ` on ${found} ${found === 1 ? "line" : "lines"}`]),
    !shown.only && h("button.quiet", { type: "button", onclick: showOnly }, these),
    h("button.quiet", { type: "button", onclick: showAll }, shown.only ? "Show all lines" : "Clear"),
  );
}

function showOnly() {
  Object.assign(shown, { only: pinned.id, onlyOf: pinned });
  pinned = null;
  mark(null);
  refilter();
  picked.querySelector("button").focus();
}

function showAll() {
  Object.assign(shown, { only: null, onlyOf: null });
  pinned = null;
  mark(null);
  refilter();
  log.focus();
}

function refilter() {
  stuck = true;
  drawPicked(0);
  touch("flow");
}

function count(place) {
  if (view.between) drawSwitches();
  const now = wrong();
  place.hidden = now === 0;
  place.textContent = now ? `${now} now` : "";
}
