// Where one writes: a field that grows, sends with Enter, keeps what was not sent, and says why it was not.

import { Completion } from "./completion.js";
import { fill, h } from "../ground/dom.js";
import { pickEmoji } from "./picker.js";
import { icon } from "./icons.js";
import { world } from "../ground/world.js";

const STYLES = { b: "*", i: "_" };
const MOST_LINES = 9;
const GROWS = CSS.supports("field-sizing", "content");

const drafts = new Map(); // person, channel and thread -> the words not sent yet

export class Composer {
  #here = { key: "" };
  #queue = Promise.resolve(); // what is sent quickly one after the other arrives in that order

  /**
   * `send(words, place, also)` gives a promise; `up()` tells whether Up in the empty field meant something; `cancel()` is
   * called for Escape, if it is there.
   */
  constructor({ send, up = () => false, cancel = null, verb = "Send now" }) {
    Object.assign(this, { send, up, cancel });
    this.field = h("textarea", { rows: 1, dir: "auto", enterkeyhint: "send", "data-key": "field" });
    this.completion = new Completion(this.field);
    this.problem = h("p.problem", { role: "alert" });
    this.also = h("input", { type: "checkbox" });
    this.alsoLabel = h("label.also", { hidden: true }, this.also, h("span"));
    this.submit = h("button.send", { type: "submit", "aria-label": verb, title: verb, disabled: true }, icon("send"));
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#keydown(event));
    this.element = this.#build();
  }

  #build() {
    const submit = (event) => {
      event.preventDefault();
      this.#sendIt();
      this.focus();
    };
    const emoji = (event) => pickEmoji(event.currentTarget, (name) => this.#insert(`:${name}: `));
    const tools = h(
      "div.tools",
      {},
      h("button.tool", { type: "button", "aria-label": "Emoji", title: "Emoji", onclick: emoji }, icon("smile")),
      this.alsoLabel,
      hints(),
      this.cancel ? h("button.quiet", { type: "button", onclick: () => this.cancel() }, "Cancel") : null,
      this.submit,
    );
    const box = h("div.box", {}, this.field, tools);
    return h("form.composer", { onsubmit: submit }, this.completion.element, box, this.problem);
  }

  /** Say for which place it is: { key, label, also, … }, with `also` the name of a channel to send to as well. */
  at(place) {
    const moved = this.#here.key !== place.key;
    this.#here = place;
    if (moved) {
      this.put(drafts.get(place.key) ?? "");
      this.also.checked = false;
      fill(this.problem);
      this.completion.close();
    }
    if (this.field.placeholder !== place.label) {
      this.field.placeholder = place.label;
      this.field.setAttribute("aria-label", place.label);
    }
    if (this.alsoLabel.hidden !== !place.also) this.alsoLabel.hidden = !place.also;
    if (moved) this.alsoLabel.lastChild.textContent = `Also send to #${place.also ?? ""}`;
  }

  put(words) {
    this.field.value = words;
    this.#changed();
  }

  focus() {
    this.field.focus();
  }

  /** Say that something else did not work. */
  complain(error) {
    fill(this.problem, inWords(error));
  }

  #changed() {
    const { value } = this.field;
    if (value) drafts.set(this.#here.key, value);
    else drafts.delete(this.#here.key);
    this.submit.disabled = !value.trim();
    if (!GROWS) this.field.rows = Math.min(MOST_LINES, value.split("\n").length);
  }

  #keydown(event) {
    if (this.completion.takes(event) || event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !event.shiftKey) this.#sendIt();
    else if (event.key === "Escape" && this.cancel) this.cancel();
    else if (command && !event.altKey && event.key in STYLES) this.#style(STYLES[event.key]);
    else if (event.key !== "ArrowUp" || command || this.field.value || !this.up()) return;
    event.preventDefault();
  }

  #style(mark) {
    const { selectionStart: from, selectionEnd: to, value } = this.field;
    this.field.setRangeText(`${mark}${value.slice(from, to)}${mark}`, from, to, "end");
    if (from === to) this.field.setSelectionRange(from + 1, from + 1);
    this.#changed();
  }

  #insert(words) {
    this.field.setRangeText(words, this.field.selectionStart, this.field.selectionEnd, "end");
    this.#changed();
    this.focus();
  }

  #sendIt() {
    const words = this.field.value;
    if (!words.trim()) return;
    const here = this.#here;
    const also = this.also.checked;
    this.put("");
    this.also.checked = false;
    fill(this.problem);
    const sent = this.#queue.then(() => this.send(words, here, also));
    this.#queue = sent.catch((error) => this.#keep(here.key, words, error));
  }

  #keep(key, words, error) {
    const kept = [words, drafts.get(key)].filter(Boolean).join("\n");
    drafts.set(key, kept);
    if (this.#here.key !== key) return;
    this.put(kept);
    fill(this.problem, `Not sent. ${inWords(error)}`);
  }
}

function hints() {
  return h(
    "span.hints",
    { "aria-hidden": "true" },
    h("b", {}, "*bold*"),
    h("i", {}, "_italic_"),
    h("s", {}, "~strike~"),
    h("code", {}, "`code`"),
    h("span", {}, ">quote"),
  );
}

/** What went wrong, with names in place of ids. */
function inWords(error) {
  if (error instanceof TypeError) return "Threadline cannot be reached; your words are kept.";
  const named = error.message.replace(/\bU[A-Z0-9]{2,}\b/g, (id) => world.slack?.users.get(id)?.real_name ?? id);
  return /[.!?]$/.test(named) ? named : `${named[0].toUpperCase()}${named.slice(1)}.`;
}
