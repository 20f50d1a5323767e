// The suggestions for a word that was begun: emoji by their names, people and groups by theirs.

import { fill, h } from "../ground/dom.js";
import { world } from "../ground/world.js";
import { avatarOf, icon, named } from "./message-parts.js";
import { emojiOf, findEmoji } from "./picker.js";
import { people } from "./place.js";

const COMMAND = /^\/\S*$/;
const BEGUN = /(?:^|[\s(])([:@])([a-z0-9_+'-]*)$/i;
const LOOKED_AT = 80; // characters before the cursor
const SHOWN = 6;
const EMOJI_FROM = 2; // letters, so that a plain colon stays one
const ALL = { "@here": "everybody who is there now", "@channel": "everybody in this channel" };

let lists = 0;

/** What could be meant by the word that was begun: an emoji, or somebody. */
export class Completion {
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
    if (COMMAND.test(before)) return this.#suggest(commands(before), 0);
    const begun = BEGUN.exec(before.slice(-LOOKED_AT));
    if (!begun) return this.close();
    const [, sign, typed] = begun;
    return this.#suggest(sign === "@" ? someone(typed) : someEmoji(typed), before.length - typed.length - 1);
  }

  #suggest(offered, from) {
    this.#offered = offered;
    this.#at = 0;
    this.#from = from;
    this.#draw();
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

function commands(typed) {
  const { commands: known = [], hints = {} } = world.slack.app;
  const sign = () => h("img", { src: "icon.svg", alt: "" });
  return known
    .filter((one) => one.startsWith(typed))
    .map((one) => ({ typed: one, sign: sign(), words: `${one} ${hints[one] ?? ""}` }));
}

function someEmoji(typed) {
  if (typed.length < EMOJI_FROM) return [];
  return findEmoji(typed, SHOWN).map((name) => ({ typed: `:${name}:`, sign: emojiOf(name), words: `:${name}:` }));
}

function suggestion(typed, sign, whom) {
  return { typed, sign, words: `${whom} ${typed}` };
}
