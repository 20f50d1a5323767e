// A button with a menu, for the mouse, the keyboard, and those who listen.

import { fill, h } from "../ground/dom.js";

/** The menu of a button; `choices()` gives [{ words, act, off, sign }] each time it opens, `attempt` runs what was chosen. */
export class Menu {
  constructor(button, choices, attempt) {
    Object.assign(this, { button, choices, attempt });
    const about = { role: "menu", hidden: true, "aria-label": button.getAttribute("aria-label") };
    this.items = h("div.ph-menu-items", { ...about, onkeydown: (event) => this.#move(event) });
    this.root = h("div.ph-menu", { onfocusout: (event) => this.#left(event) }, button, this.items);
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (this.items.hidden ? this.#open() : this.#end()));
    button.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Close it, wherever the focus is. */
  close() {
    this.items.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  #open() {
    fill(this.items, this.choices().map((choice) => this.#item(choice)));
    this.items.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    const all = [...this.items.children];
    (all.find((one) => one.getAttribute("aria-disabled") !== "true") ?? all[0])?.focus();
  }

  #end() {
    this.close();
    this.button.focus();
  }

  #left({ relatedTarget }) {
    if (!this.root.contains(relatedTarget)) this.close();
  }

  #item({ words, act, off, sign }) {
    const choose = () => {
      if (off) return;
      this.#end();
      this.attempt(act);
    };
    const about = { type: "button", role: "menuitem", tabindex: "-1", "aria-disabled": off ? "true" : null };
    if (!sign) return h("button.ph-menu-item", { ...about, onclick: choose }, words);
    return h("button.ph-menu-item.ph-face", { ...about, "aria-label": words, title: words, onclick: choose }, sign);
  }

  #key(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    this.#open();
  }

  #move(event) {
    const all = [...this.items.children];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") this.#end();
    else if (to !== undefined) all.at(to % all.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
