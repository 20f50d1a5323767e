// A menu beside a button, above everything else, for the mouse, the keyboard and those who listen.

import { h } from "../ground/dom.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Offer [{ words, about, act }] beside a button; whatever is chosen there is done once the focus is back. */
export function offer(anchor, label, choices) {
  if (anchor.getAttribute("aria-expanded") === "true") return;
  const close = () => element.hidePopover();
  const items = choices.map(({ words, about, act }) => {
    const choose = () => {
      close();
      act();
    };
    const said = [h("span", {}, words), about ? h("span.soft", {}, about) : null];
    return h("button.offer", { type: "button", role: "menuitem", tabindex: "-1", onclick: choose }, said);
  });
  const element = h("div.offers", { popover: "auto", role: "menu", "aria-label": label, onkeydown: move }, items);
  document.body.append(element);
  anchor.setAttribute("aria-expanded", "true");
  element.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    setTimeout(() => element.remove()); // after focus went back where it was
  });
  element.showPopover();
  settle(element, anchor.getBoundingClientRect());
  items[0]?.focus();
}

function settle(element, { left, right, top, bottom }) {
  const { offsetWidth: width, offsetHeight: height } = element;
  const x = right - width > 8 ? right - width : left;
  const y = bottom + height + 12 < innerHeight ? bottom + 4 : top - height - 4;
  element.style.setProperty("--x", `${Math.min(x, innerWidth - width - 8)}px`);
  element.style.setProperty("--y", `${Math.max(8, y)}px`);
}

function move(event) {
  const all = [...event.currentTarget.children];
  const at = all.indexOf(document.activeElement);
  const ends = { Home: 0, End: all.length - 1 };
  if (event.key === "Tab") event.currentTarget.hidePopover();
  else if (event.key in STEPS) all.at((at + STEPS[event.key]) % all.length)?.focus();
  else if (event.key in ends) all[ends[event.key]]?.focus();
  else return;
  event.preventDefault();
}
