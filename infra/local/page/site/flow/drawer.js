// The drawer underneath: one calm line when it is closed; open, as high as one likes, with a handle to pull.

import { h } from "../ground/dom.js";
import { look, view } from "../ground/view.js";
import { on } from "../ground/world.js";

const HEIGHT = { least: 20, most: 70, usual: 38, step: 3 }; // per cent of the window
const WRONG = "faults";

function height() {
  return clamp(view.height || HEIGHT.usual);
}

function clamp(share) {
  return Math.min(HEIGHT.most, Math.max(HEIGHT.least, Math.round(share)));
}

/** Build the drawer into its place; gives the two words in its bar that others write. */
export function openDrawer(root, line, switches) {
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
