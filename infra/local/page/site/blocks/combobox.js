// A menu whose choices come from the app while somebody types: a field with a list below it.

import { fill, h } from "../ground/dom.js";
import { inWords } from "../ground/words.js";
import { label } from "./mrkdwn.js";

const PAUSE = 200; // ms without another letter until the app is asked
const LEAST = 3; // letters, unless the app says otherwise
const HIGHEST = 260; // see .bk-found in blocks.css

let made = 0;

const said = (option) =>
  label(option.text)
    .map((part) => part.textContent ?? part)
    .join("");

/** Make the field; the frame tells with a "change" that something was chosen, and `frame.chosen` what. */
export class Combobox {
  #options = [];
  #at = -1;
  #asked = 0; // how often the app was asked: a late answer to an early question is not shown
  #timer = 0;
  chosen = "";

  constructor(element, ctx, about) {
    Object.assign(this, { element, ctx });
    const id = `bk-found-${(made += 1)}`;
    const hints = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    this.found = h("ul.bk-found", { id, role: "listbox", "aria-label": "Choices", popover: "manual" });
    this.input = h("input.bk-field-input", {
      type: "text",
      autocomplete: "off",
      placeholder: element.placeholder?.text ?? "Choose …",
      ...about,
      ...hints,
      oninput: () => this.#typed(),
      onfocus: () => this.input.select(),
      onclick: () => this.#ask(),
      onblur: () => this.#leave(),
      onkeydown: (event) => this.#keydown(event),
      onchange: (event) => event.stopPropagation(), // what was typed is no choice
    });
    this.state = h("span.unseen", { role: "status" });
    this.control = h("span.bk-combobox", {}, this.input, this.found, this.state);
    this.#take(element.initial_option ?? null);
  }

  /** Show what was chosen before. */
  back(value) {
    if (value !== this.chosen) this.#take(null);
  }

  #take(option) {
    this.option = option;
    this.chosen = option?.value ?? "";
    this.input.value = option ? said(option) : "";
  }

  #typed() {
    clearTimeout(this.#timer);
    if (!this.input.value.trim()) this.#choose(null, false);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    const typed = this.option && this.input.value === said(this.option) ? "" : this.input.value.trim();
    const least = this.element.min_query_length ?? LEAST;
    if (typed.length < least) {
      const letters = `${least} letter${least === 1 ? "" : "s"}`;
      this.#show([], `Type at least ${letters}.`);
      return;
    }
    const turn = (this.#asked += 1);
    try {
      const options = await this.ctx.look(this.element, typed);
      if (turn === this.#asked) this.#show(options, "Nothing found.");
    } catch (error) {
      if (turn === this.#asked) this.#show([], error instanceof TypeError ? inWords(error) : "Nothing found.");
    }
  }

  #show(options, otherwise) {
    if (document.activeElement !== this.input) return;
    this.#options = options;
    this.#at = options.length ? 0 : -1;
    const none = h("li.bk-none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, otherwise);
    fill(this.found, options.length ? options.map((one, place) => this.#row(one, place)) : none);
    this.state.textContent = options.length ? `${options.length} to choose from` : otherwise;
    this.#settle();
    this.#point();
  }

  #row(option, place) {
    const take = (event) => {
      event.preventDefault(); // the field keeps the focus
      this.#choose(option);
    };
    const more = option.description ? h("span.bk-note", {}, label(option.description)) : null;
    const about = { id: `${this.found.id}-${place}`, role: "option", onpointerdown: take };
    return h("li.bk-choice", about, label(option.text), more);
  }

  #settle() {
    this.input.setAttribute("aria-expanded", "true");
    if (!this.found.matches(":popover-open")) this.found.showPopover();
    const { left, bottom, top, width } = this.input.getBoundingClientRect();
    const isAbove = innerHeight - bottom < HIGHEST && top > innerHeight - bottom;
    const { style } = this.found;
    style.setProperty("--x", `${left}px`);
    style.setProperty("--w", `${width}px`);
    style.setProperty("--top", isAbove ? "auto" : `${bottom + 4}px`);
    style.setProperty("--bottom", isAbove ? `${innerHeight - top + 4}px` : "auto");
  }

  #point() {
    const rows = [...this.found.querySelectorAll(".bk-choice")];
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === this.#at)));
    const row = rows[this.#at];
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #choose(option, tells = true) {
    const before = this.chosen;
    this.#take(option);
    this.#shut();
    if (tells || before) this.control.dispatchEvent(new Event("input", { bubbles: true }));
    if (tells) this.control.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #shut() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    if (this.found.isConnected && this.found.matches(":popover-open")) this.found.hidePopover();
  }

  // What was typed and not chosen is nothing.
  #leave() {
    this.#shut();
    this.#take(this.option);
  }

  #keydown(event) {
    const isOpen = this.input.getAttribute("aria-expanded") === "true";
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      if (!isOpen) this.#ask();
      else if (this.#options.length) this.#at = (this.#at + steps[event.key] + this.#options.length) % this.#options.length;
      this.#point();
    } else if (event.key === "Escape" && isOpen) {
      this.#shut();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      if (isOpen && this.#options[this.#at]) this.#choose(this.#options[this.#at]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
