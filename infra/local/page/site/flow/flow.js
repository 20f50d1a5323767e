// What happens in between: the line of steps, the stations above it, and the switches beside it, in a drawer
// underneath: one calm line when it is closed; open, as high as one likes, with a handle to pull.

import { announce, fill, h } from "../ground/dom.js";
import { look, view } from "../ground/view.js";
import { counted } from "../ground/words.js";
import { on, touch } from "../ground/world.js";
import { wrong } from "./faults.js";
import { drawSwitches, switchboard } from "./faults-panel.js";
import { moment, short } from "./lines.js";
import { book, drawRows, mark, read, shown, walk } from "./log.js";
import { light, stations } from "./stations.js";

const HEIGHT = { least: 20, most: 70, usual: 38, step: 3 }; // per cent of the window
const WRONG = "faults";
const LOUD = new Set(["hitch", "failure"]);
const NEAR = 12; // px from the bottom that still count as the bottom

// A log is read out as it grows, which here would never end: only what goes wrong is announced.
const log = h("div.flow-log", {
  role: "log",
  "aria-live": "off",
  "aria-label": "What happened, the newest last",
  tabindex: "0",
});
const noise = h("button.quiet", { type: "button", onclick: toggleNoise }, "Show everything");
const newest = h("button.flow-newest", { type: "button", hidden: true, onclick: toBottom }, "To the newest");
const picked = h("p.flow-picked", { hidden: true });
const empty = h("p.flow-empty", {}, "Nothing has happened yet. Write as a customer, and watch it go through.");

let pinned = null; // { what, id } of the chip that was pressed last
let stuck = true;
let seen = { top: 0, height: 0 };

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
  on(["faults", "slack", "phones", "view", "about", "live"], () => count(bar.wrong));
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
  new ResizeObserver(follow).observe(log);
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
  const loud = told.filter(({ tone }) => LOUD.has(tone)).map(({ tone, words }) => `${tone}: ${words}`);
  for (const words of new Set(loud)) announce(words);
}

function draw() {
  const added = drawRows(log);
  empty.hidden = log.childElementCount > 0;
  if (added) follow();
}

function follow() {
  if (!stuck) return;
  const at = log.querySelector(".flow-id:focus-visible");
  if (!at) {
    toBottom();
    return;
  }
  // Who walks from id to id would lose sight of the one they are at.
  [stuck, newest.hidden] = [false, false];
  at.scrollIntoView({ block: "nearest" });
}

function toBottom() {
  stuck = true;
  newest.hidden = true;
  log.scrollTop = log.scrollHeight;
  if (document.activeElement === newest) log.focus();
}

function scrolled() {
  const { scrollTop: top, scrollHeight: height, clientHeight } = log;
  // What has just come or gone moves the end; only who scrolls up has left it.
  const up = top < seen.top - 1 && height === seen.height;
  seen = { top, height };
  if (height - clientHeight - top < NEAR) stuck = true;
  else if (up) stuck = false;
  else follow();
  newest.hidden = stuck;
}

function toggleNoise() {
  shown.noise = !shown.noise;
  noise.textContent = shown.noise ? "Show less" : "Show everything";
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
    h("span", {}, shown.only ? ["Only ", name] : [name, ` on ${counted(found, "line")}`]),
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

// ---- the drawer

function height() {
  return clamp(view.height || HEIGHT.usual);
}

function clamp(share) {
  return Math.min(HEIGHT.most, Math.max(HEIGHT.least, Math.round(share)));
}

/** Build the drawer into its place; gives the two words in its bar that others write. */
function openDrawer(root, line, switches) {
  const latest = h("p.drawer-latest");
  const wrong = h("span.drawer-wrong", { hidden: true });
  const between = opener("What happens in between", "flow-line", () => look({ between: !view.between }));
  const faults = opener("Make things go wrong", "flow-switches", toggleFaults);
  faults.append(wrong);
  const handle = h("div.drawer-handle", {
    role: "separator",
    tabindex: "0",
    "aria-orientation": "horizontal",
    "aria-label": "Height of what happens in between",
    "aria-controls": "flow-line",
    "aria-valuemin": HEIGHT.least,
    "aria-valuemax": HEIGHT.most,
    onkeydown: pullByKey,
    onpointerdown: pullByHand,
  });
  const body = h("div.drawer-body", {}, line, switches);
  root.append(h("div.drawer", {}, handle, h("div.drawer-bar", {}, between, latest, faults), body));

  function draw() {
    const wide = view.between && view.tab === WRONG;
    between.setAttribute("aria-expanded", view.between);
    faults.setAttribute("aria-expanded", wide);
    body.hidden = handle.hidden = !view.between;
    switches.hidden = !wide;
    root.dataset.open = view.between;
    root.style.setProperty("--share", `${height()}vh`);
    handle.setAttribute("aria-valuenow", height());
    handle.setAttribute("aria-valuetext", `${height()} per cent of the window`);
  }

  function close(event) {
    if (event.key !== "Escape" || !view.between || event.defaultPrevented) return;
    (switches.contains(document.activeElement) ? faults : between).focus();
    look({ between: false });
  }

  root.addEventListener("keydown", close);
  on(["view"], draw);
  draw();
  return { latest, wrong };
}

function opener(words, controls, onclick) {
  return h("button.quiet.drawer-opener", { type: "button", "aria-controls": controls, onclick }, words);
}

function toggleFaults() {
  const open = view.between && view.tab === WRONG;
  look(open ? { tab: "flow" } : { between: true, tab: WRONG });
}

const KEYS = {
  ArrowUp: () => height() + HEIGHT.step,
  ArrowDown: () => height() - HEIGHT.step,
  PageUp: () => height() + 4 * HEIGHT.step,
  PageDown: () => height() - 4 * HEIGHT.step,
  Home: () => HEIGHT.least,
  End: () => HEIGHT.most,
};

function pullByKey(event) {
  const next = KEYS[event.key]?.();
  if (next === undefined) return;
  event.preventDefault();
  look({ height: clamp(next) });
}

function pullByHand(event) {
  const handle = event.currentTarget;
  const from = { y: event.clientY, share: height() };
  const move = ({ clientY }) => look({ height: clamp(from.share + ((from.y - clientY) / innerHeight) * 100) });
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), { once: true });
}
