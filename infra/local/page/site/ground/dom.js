// Elements, made so that nobody's words can ever become markup: text only goes in as text.

import { touch } from "./world.js";

/** Make an element: h("button.primary", { type: "button", onclick }, "Send"). Nothing is made of null, false and "". */
export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  element.append(...children.flat(Infinity).filter(isThere));
  // Last: with dir="auto" already there, the browser would look for the direction anew with every child.
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  return element;
}

function isThere(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (name === "vars") for (const [key, one] of Object.entries(value)) element.style.setProperty(key, one);
  else element.setAttribute(name, value === true ? "" : value);
}

/** Put exactly these children into an element. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter(isThere));
  return parent;
}

const drawn = new WeakMap();
const MEDIA = "audio[src], video[src], img[src]";
const OPEN = '[aria-expanded="true"], details.bk-overflow[open]';
let held = false; // whether something was not drawn for that reason

/**
 * Show a list of things, keeping the elements of those that have not changed, with their focus and place.
 * A thing that has changed is another object, or has another `look`; one that is held waits until it is let go. Gives
 * whether there was none.
 */
export function list(parent, things, key, make, look = (thing) => thing) {
  const before = drawn.get(parent) ?? new Map();
  const after = new Map(things.map((thing) => [key(thing), thing]));
  for (const [name, { element }] of before) if (!after.has(name)) element.remove();
  let place = parent.firstElementChild;
  let isWhole = true;
  for (const [name, thing] of after) {
    const seen = look(thing);
    const old = before.get(name);
    const waits = old !== undefined && old.seen !== seen && isHeld(old.element);
    isWhole &&= !waits;
    const entry = old?.seen === seen || waits ? old : { seen, element: make(thing) };
    after.set(name, entry);
    if (old && old !== entry) {
      if (place === old.element) place = entry.element;
      replace(old.element, entry.element);
    }
    if (place === entry.element) place = place.nextElementSibling;
    else parent.insertBefore(entry.element, place);
  }
  drawn.set(parent, after);
  return isWhole;
}

/**
 * Whether somebody has a finger on an element or a menu open in it: in another one's place it would never hear of the
 * click. Whoever asks is called to draw once more when it is let go.
 */
export function isHeld(element) {
  const is = element.matches(":active") || element.querySelector(OPEN) !== null;
  held ||= is;
  return is;
}

for (const sign of ["pointerup", "pointercancel", "keyup", "click", "focusout", "toggle"]) {
  document.addEventListener(sign, letGo, { capture: true }); // what a menu tells of itself goes no further up
}

function letGo() {
  if (held) touch("view");
  held = false;
}

/** Put an element in the place of one that showed the same before: what has the focus, or plays, goes on in it. */
export function replace(old, fresh) {
  const inside = old.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  keepMedia(old, fresh);
  old.replaceWith(fresh);
  if (inside) fresh.querySelector(`[data-key="${CSS.escape(inside)}"]`)?.focus({ preventScroll: true });
}

// Within one task a player may move and goes on playing; a picture need not be fetched and unpacked anew.
function keepMedia(old, fresh) {
  const there = [...old.querySelectorAll(MEDIA)];
  for (const made of fresh.querySelectorAll(MEDIA)) {
    const same = there.find((one) => one.tagName === made.tagName && one.getAttribute("src") === made.getAttribute("src"));
    if (!same) continue;
    there.splice(there.indexOf(same), 1);
    made.replaceWith(same);
  }
}

const HEARD_AFTER = 5_000; // ms

/** Say something to those who listen rather than look; what others say at the same time is said too. */
export function announce(words) {
  let place = document.getElementById("announcer");
  if (!place) {
    place = h("div.unseen", { id: "announcer", "aria-live": "polite" });
    document.body.append(place);
  }
  const said = h("p", {}, words);
  place.append(said);
  setTimeout(() => said.remove(), HEARD_AFTER);
}

/** Ask a question in a dialog of one's own making; gives the value of the button that closed it, "" for none. */
export function ask(dialog) {
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    dialog.showModal();
  });
}
