// A button with a menu, for the mouse, the keyboard, and those who listen.

import { fill, h } from "./dom.js";

/** Make one; `choices()` gives [{ words, act, off }] each time it opens, `attempt` runs what was chosen. */
export function makeMenu(button, choices, attempt) {
  const items = h("div.ph-menu-items", { role: "menu", hidden: true, "aria-label": button.getAttribute("aria-label") });
  const root = h("div.ph-menu", {}, button, items);
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => (items.hidden ? open() : close()));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open();
  });
  items.addEventListener("keydown", move);
  root.addEventListener("focusout", ({ relatedTarget }) => {
    if (!root.contains(relatedTarget)) close(false);
  });
  return { root, close: () => close(false) };

  function open() {
    fill(items, choices().map(item));
    items.hidden = false;
    button.setAttribute("aria-expanded", "true");
    (enabled()[0] ?? items.firstElementChild)?.focus();
  }

  function close(back = true) {
    if (items.hidden) return;
    items.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  }

  function item({ words, act, off }) {
    const choose = () => {
      if (off) return;
      close();
      attempt(act);
    };
    const about = { type: "button", role: "menuitem", tabindex: "-1", onclick: choose };
    return h("button.ph-menu-item", { ...about, "aria-disabled": off ? "true" : null }, words);
  }

  function enabled() {
    return [...items.children].filter((one) => one.getAttribute("aria-disabled") !== "true");
  }

  function move(event) {
    const all = [...items.children];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") close();
    else if (to !== undefined) all.at(to % all.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
