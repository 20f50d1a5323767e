// Where one writes: a field that grows, completes emoji and people, sends with Enter, and keeps what was not sent.

import { fill, h } from "../ground/dom.js";
import { inWords } from "../ground/words.js";
import { world } from "../ground/world.js";
import { avatarOf, icon, named } from "./message-parts.js";
import { emojiOf, findEmoji, pickEmoji } from "./picker.js";
import { people } from "./place.js";

const STYLES = { b: "*", i: "_" };
const MOST_LINES = 9;
const GROWS = CSS.supports("field-sizing", "content");
const MOST_DRAFTS = 200;
const BEGUN = /(?:^|[\s(])([:@])([a-z0-9_+'-]*)$/i;
const LOOKED_AT = 80; // characters before the cursor
const SHOWN = 6;
const EMOJI_FROM = 2; // letters, so that a plain colon stays one
const ALL = { "@here": "everybody who is there now", "@channel": "everybody in this channel" };

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
    this.note = h("code", { hidden: true }, "// note");
    const tools = h(
      "div.tools",
      {},
      h("button.tool", { type: "button", "aria-label": "Emoji", title: "Emoji", onclick: emoji }, icon("smile")),
      this.alsoLabel,
      hints(this.note),
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
    if (this.note.hidden !== !place.thread) this.note.hidden = !place.thread;
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
    const isEmpty = !value.trim();
    if (this.submit.disabled !== isEmpty) this.submit.disabled = isEmpty;
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

let lists = 0;

class Completion {
  #offered = []; // { typed, sign, words }
  #at = 0; // the one that Enter takes
  #from = 0; // where in the field begins what it replaces

  constructor(field) {
    this.field = field;
    this.id = `completion-${(lists += 1)}`;
    this.element = h("ul.completion", { id: this.id, role: "listbox", "aria-label": "Suggestions", hidden: true });
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.#look());
    field.addEventListener("blur", () => this.close());
  }

  close() {
    if (!this.#offered.length) return;
    this.#offered = [];
    this.#draw();
  }

  /** Whether a key was meant for the suggestions. */
  takes(event) {
    if (!this.#offered.length || event.isComposing) return false;
    if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#at);
    else if (event.key === "ArrowDown") this.#move(1);
    else if (event.key === "ArrowUp") this.#move(-1);
    else return false;
    event.preventDefault();
    return true;
  }

  #look() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const begun = BEGUN.exec(before.slice(-LOOKED_AT));
    if (!begun) return this.close();
    const [, sign, typed] = begun;
    this.#offered = sign === "@" ? someone(typed) : someEmoji(typed);
    this.#at = 0;
    this.#from = before.length - typed.length - 1;
    return this.#draw();
  }

  #draw() {
    const any = this.#offered.length > 0;
    this.element.hidden = !any;
    fill(this.element, this.#offered.map((one, place) => this.#option(one, place)));
    this.field.toggleAttribute("aria-controls", any);
    this.field.toggleAttribute("aria-activedescendant", any);
    if (!any) return;
    this.field.setAttribute("aria-controls", this.id);
    this.field.setAttribute("aria-activedescendant", `${this.id}-${this.#at}`);
  }

  #option({ sign, words }, place) {
    const take = (event) => {
      event.preventDefault(); // the field keeps the focus
      this.#take(place);
    };
    const chosen = String(place === this.#at);
    const about = { id: `${this.id}-${place}`, role: "option", "aria-selected": chosen, onpointerdown: take };
    return h("li", about, h("span.glyph", { "aria-hidden": "true" }, sign), words);
  }

  #move(step) {
    this.#at = (this.#at + step + this.#offered.length) % this.#offered.length;
    this.#draw();
  }

  #take(place) {
    const { typed } = this.#offered[place];
    this.field.setRangeText(`${typed} `, this.#from, this.field.selectionEnd, "end");
    this.close();
    this.field.dispatchEvent(new Event("input"));
  }
}

function someone(typed) {
  const wanted = typed.toLowerCase();
  const found = people()
    .filter((user) => `${user.name} ${named(user.id)}`.toLowerCase().includes(wanted))
    .map((user) => suggestion(`@${user.name}`, avatarOf(user, "tiny"), named(user.id)));
  const groups = [...world.slack.usergroups.values()]
    .filter(({ name, handle }) => `${handle} ${name}`.toLowerCase().includes(wanted))
    .map(({ name, handle }) => suggestion(`@${handle}`, icon("all"), name));
  const all = Object.keys(ALL).filter((one) => one.startsWith(`@${wanted}`));
  return [...found, ...groups, ...all.map((one) => suggestion(one, icon("all"), ALL[one]))].slice(0, SHOWN);
}

function someEmoji(typed) {
  if (typed.length < EMOJI_FROM) return [];
  return findEmoji(typed, SHOWN).map((name) => ({ typed: `:${name}:`, sign: emojiOf(name), words: `:${name}:` }));
}

function suggestion(typed, sign, whom) {
  return { typed, sign, words: `${whom} ${typed}` };
}
