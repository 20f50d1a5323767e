// Where one writes: a field that grows, completes emoji and people, sends with Enter, and keeps what was not sent.

import { fill, h } from "../ground/dom.js";
import { picker } from "../ground/files.js";
import { inWords } from "../ground/words.js";
import { Completion } from "./completion.js";
import { Enclosures } from "./enclosures.js";
import { icon, named } from "./message-parts.js";
import { pickEmoji } from "./picker.js";

const STYLES = { b: "*", i: "_" };
const MOST_LINES = 9;
const GROWS = CSS.supports("field-sizing", "content");
const MOST_DRAFTS = 200;

const drafts = new Map(); // person, channel and thread -> the words not sent yet

/** Forget what was begun for places that are no more. `isThere(channel, thread)` tells. */
export function forgetDrafts(isThere) {
  for (const key of drafts.keys()) {
    const [, channel, thread] = key.split("/");
    if (!isThere(channel, thread)) drafts.delete(key);
  }
}

export class Composer {
  #here = { key: "" };
  #queue = Promise.resolve(); // what is sent quickly one after the other arrives in that order

  /**
   * `send(words, place, also, files)` gives a promise; `up()` tells whether Up in the empty field meant something; `cancel()` is
   * called for Escape, if it is there; `reach(button)` offers the app's shortcuts.
   */
  constructor({ send, up = () => false, cancel = null, verb = "Send now", reach = () => {} }) {
    Object.assign(this, { send, up, cancel, reach });
    this.field = h("textarea", { rows: 1, dir: "auto", enterkeyhint: "send", "data-key": "field" });
    this.completion = new Completion(this.field);
    this.enclosed = new Enclosures(() => this.#ready(), () => this.focus());
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
    this.note = h("code", { hidden: true }, "// note");
    const files = picker((some) => this.take(some), "Files to send");
    const attach = { type: "button", "aria-label": "Attach files", title: "Attach files", onclick: () => files.click() };
    const reach = { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", hidden: true };
    const named = { "aria-label": "Shortcuts", title: "Shortcuts", onclick: () => this.reach(this.bolt) };
    this.bolt = h("button.tool", { ...reach, ...named }, icon("bolt"));
    const tools = h(
      "div.tools",
      {},
      this.cancel ? null : [h("button.tool", attach, icon("attach")), files],
      h("button.tool", { type: "button", "aria-label": "Emoji", title: "Emoji", onclick: emoji }, icon("smile")),
      this.cancel ? null : this.bolt,
      this.alsoLabel,
      hints(this.note),
      this.cancel ? h("button.quiet", { type: "button", onclick: () => this.cancel() }, "Cancel") : null,
      this.submit,
    );
    const box = h("div.box", {}, this.field, this.enclosed.element, tools);
    return h("form.composer", { onsubmit: submit }, this.completion.element, box, this.problem);
  }

  /** Say for which place it is: { key, label, also, … }, with `also` the name of a channel to send to as well. */
  at(place) {
    const moved = this.#here.key !== place.key;
    this.#here = place;
    if (moved) {
      this.put(drafts.get(place.key) ?? "");
      this.also.checked = false;
      this.enclosed.empty();
      fill(this.problem);
      this.completion.close();
    }
    if (this.field.placeholder !== place.label) {
      this.field.placeholder = place.label;
      this.field.setAttribute("aria-label", place.label);
    }
    if (this.alsoLabel.hidden !== !place.also) this.alsoLabel.hidden = !place.also;
    if (this.note.hidden !== !place.thread) this.note.hidden = !place.thread;
    if (moved) this.alsoLabel.lastChild.textContent = `Also send to #${place.also ?? ""}`;
  }

  /** Say whether there are shortcuts to choose from. */
  offers(any) {
    if (this.bolt.hidden === any) this.bolt.hidden = !any;
  }

  put(words) {
    this.field.value = words;
    this.#changed();
  }

  focus() {
    this.field.focus();
  }

  /** Put files beside what is being written. */
  async take(some) {
    if (this.cancel || !this.element.isConnected) return;
    const { key } = this.#here;
    fill(this.problem);
    try {
      await this.enclosed.add(some, () => this.#here.key === key);
    } catch (error) {
      this.#tell(error);
    }
    this.focus();
  }

  /** Say that something else did not work. */
  complain(error) {
    this.#tell(error);
  }

  #tell(error, before = "") {
    const words = inWords(error).replace(/\bU[A-Z0-9]{2,}\b/g, named);
    this.problem.toggleAttribute("data-away", error instanceof TypeError); // of which main.js tells when it is over
    fill(this.problem, before + words);
  }

  #changed() {
    const { value } = this.field;
    drafts.delete(this.#here.key);
    if (value) drafts.set(this.#here.key, value);
    if (drafts.size > MOST_DRAFTS) drafts.delete(drafts.keys().next().value);
    this.#ready();
    if (!GROWS) this.field.rows = Math.min(MOST_LINES, value.split("\n").length);
  }

  #ready() {
    const isEmpty = !this.field.value.trim() && !this.enclosed.files.length;
    if (this.submit.disabled !== isEmpty) this.submit.disabled = isEmpty;
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
    const { files } = this.enclosed;
    if (!words.trim() && !files.length) return;
    const here = this.#here;
    const also = this.also.checked;
    this.enclosed.empty();
    this.put("");
    this.also.checked = false;
    fill(this.problem);
    const sent = this.#queue.then(() => this.send(words, here, also, files));
    this.#queue = sent.catch((error) => this.#keep(here.key, words, error, files));
  }

  #keep(key, words, error, files) {
    const kept = [words, drafts.get(key)].filter(Boolean).join("\n");
    drafts.set(key, kept);
    if (this.#here.key !== key) return;
    this.enclosed.back(files);
    this.put(kept);
    this.#tell(error, "Not sent. ");
  }
}

// The last comes first, so that where there is little room it is the first that is left out.
function hints(note) {
  return h(
    "span.hints",
    { "aria-hidden": "true" },
    note,
    h("span", {}, ">quote"),
    h("code", {}, "`code`"),
    h("s", {}, "~strike~"),
    h("i", {}, "_italic_"),
    h("b", {}, "*bold*"),
  );
}
