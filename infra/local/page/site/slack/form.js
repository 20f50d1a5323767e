// The blocks of a modal or of the App Home: drawn as the app changes them, while what a person has typed stays.

import { renderBlocks } from "../blocks/blocks.js";
import { h, list } from "../ground/dom.js";
import { pull } from "../ground/live.js";
import { NO_ANSWER, worldly } from "./acts.js";

const CONTROLS = "input:not([type=hidden]), select, textarea, summary";
const WORDS = /_input$/;
const INITIAL = {
  value: "initial_value",
  selected_option: "initial_option",
  selected_options: "initial_options",
  selected_user: "initial_user",
  selected_channel: "initial_channel",
  selected_conversation: "initial_conversation",
  selected_date: "initial_date",
  selected_time: "initial_time",
  selected_date_time: "initial_date_time",
};
const REQUIRED = "Please complete this required field.";

export class Form {
  isWhole = true; // whether all of the view is drawn: what somebody has a finger on waits
  #view = null;
  #frames = new Map(); // block_id of an input -> { frame, like, read }: its field, which moves on when its block changes
  #said = {}; // what this form itself finds wrong, by block_id
  #heard = null; // the errors that the app told, and that stand until the person does something about them

  /** `home` tells the app's Home from a modal; `show(channel, thread)` leads to a message. */
  constructor(me, { home = false, show }) {
    Object.assign(this, { me, home, show });
    this.element = h("div.form-blocks", { oninput: (event) => this.#forgive(event) });
  }

  /** Draw a view; gives whether the app has said anew what is wrong. */
  draw(view) {
    if (this.#view === view && this.isWhole) return false;
    const isNew = JSON.stringify(view.errors ?? {}) !== JSON.stringify(this.#heard ?? {});
    this.#view = view;
    this.#heard = view.errors ?? {};
    const held = holder(this.element);
    this.isWhole = list(this.element, named(view.blocks), ({ key }) => key, (one) => this.#make(one), ({ look }) => look);
    this.#forget();
    giveBack(held, this.element);
    if (isNew) this.#said = { ...this.#heard };
    this.#complain();
    return isNew && Object.keys(this.#said).length > 0;
  }

  /** What stands in the fields and the app does not know yet. */
  values() {
    const found = {};
    for (const [name, { read }] of this.#frames) {
      const value = read();
      if (String(value) !== String(told(this.#state(name)))) found[name] = value;
    }
    return found;
  }

  /** See, as Slack does itself, whether it can be handed in; what is missing is said under its field. */
  isComplete() {
    this.#said = {};
    for (const block of this.#view.blocks) {
      if (block.type !== "input" || block.optional) continue;
      const value = this.#frames.get(block.block_id)?.read() ?? "";
      if (!value.length || (typeof value === "string" && !value.trim())) this.#said[block.block_id] = REQUIRED;
    }
    this.#complain();
    return Object.keys(this.#said).length === 0;
  }

  /** Go to the first field that is wrong, or to the first one; false if there is none. */
  focus() {
    const wrong = this.element.querySelector("[aria-invalid=true]");
    const field = wrong ?? this.element.querySelector(`.bk-input :is(${CONTROLS})`);
    field?.focus();
    return Boolean(field);
  }

  #make({ block }) {
    if (block.type !== "input") return h("div.form-block", {}, renderBlocks([block], this.#ctx(block)));
    const element = filled(block.element, this.#state(block.block_id));
    let read = () => "";
    const ctx = { ...this.#ctx(block), holds: (_, one) => (read = one) };
    const fresh = h("div.form-block", {}, renderBlocks([{ ...block, element }], ctx));
    this.#keep(block, fresh, read);
    return fresh;
  }

  // A field of the same name keeps what stands in it, with the cursor and all: Slack looks at no other beginning.
  #keep({ block_id: name, element }, fresh, read) {
    const frame = fresh.querySelector(".bk-press");
    if (!frame) return;
    const like = WORDS.test(element.type) ? element.type : JSON.stringify(withoutInitial(element));
    const old = this.#frames.get(name);
    const field = old?.like === like ? old : { frame, like, read };
    if (field === old) frame.replaceWith(old.frame);
    this.#frames.set(name, field);
  }

  #forget() {
    const there = new Set(this.#view.blocks.map(({ block_id: name }) => name));
    for (const name of this.#frames.keys()) if (!there.has(name)) this.#frames.delete(name);
  }

  #state(name) {
    return Object.values(this.#view.state?.values?.[name] ?? {})[0];
  }

  #ctx(block) {
    return {
      ...worldly(this.me, this.show),
      press: (element, choice) => this.#press(block, element, choice),
      look: (element, typed) => this.#look(element, typed),
    };
  }

  #about() {
    return this.home ? { user: this.me, home: true } : { user: this.me, values: this.values() };
  }

  async #press(block, element, choice) {
    const { action_id: name } = element;
    const namesakes = this.#view.blocks.filter((other) => elementsOf(other).some((one) => one.action_id === name));
    const action_id = namesakes.length > 1 ? `${block.block_id}/${name}` : name;
    const { result: status } = await pull("slack", "press_in_view", { ...this.#about(), action_id, choice: choice ?? "" });
    if (!(status >= 200 && status < 300)) throw new Error(NO_ANSWER);
  }

  async #look({ action_id: field }, typed) {
    const home = this.home ? { home: true } : {};
    return (await pull("slack", "look", { user: this.me, field, typed, ...home })).result;
  }

  #forgive({ target }) {
    const name = target.closest("[data-field]")?.dataset.field;
    if (!name || !(name in this.#said)) return;
    delete this.#said[name];
    this.#complain();
  }

  #complain() {
    for (const one of this.element.children) {
      const input = one.querySelector(":scope > .bk-input");
      if (input) complain(input, this.#said[input.dataset.field]);
    }
  }
}

// Blocks that the app did not name have another name each time, so that they are told apart by their places.
function named(blocks) {
  const counts = {};
  return blocks.map((block) => {
    counts[block.type] = (counts[block.type] ?? 0) + 1;
    const isInput = block.type === "input";
    const key = isInput ? block.block_id : `${block.type}-${counts[block.type]}`;
    const shown = isInput ? { ...block, element: withoutInitial(block.element) } : { ...block, block_id: "" };
    const moves = elementsOf(block).some((element) => element.type !== "button");
    return { key, block, look: JSON.stringify(shown) + (moves && !isInput ? block.block_id : "") };
  });
}

function elementsOf({ element, elements, accessory }) {
  return [element, accessory, ...(Array.isArray(elements) ? elements : [])].filter(Boolean);
}

function withoutInitial(element) {
  const entries = Object.entries(element).filter(([name]) => !name.startsWith("initial_"));
  return Object.fromEntries(entries);
}

/** Let a field begin with what stands in it by now. */
function filled(element, state) {
  const made = withoutInitial(element);
  for (const [name, initial] of Object.entries(INITIAL)) {
    if (state?.[name] !== null && state?.[name] !== undefined) made[initial] = state[name];
  }
  return made;
}

/** What a field holds by the app's account, as a control would say it. */
function told(state = {}) {
  const name = Object.keys(INITIAL).find((one) => one in state);
  const value = state[name] ?? "";
  if (Array.isArray(value)) return value.map((one) => one.value ?? one);
  return value.value ?? value;
}

function complain(input, words) {
  const id = `wrong-${input.dataset.field}`;
  const control = input.querySelector(CONTROLS);
  const there = input.querySelector(":scope > .form-wrong");
  if (there?.textContent === (words ?? "")) return;
  there?.remove();
  control?.removeAttribute("aria-invalid");
  control?.removeAttribute("aria-describedby");
  if (!words) return;
  control?.setAttribute("aria-invalid", "true");
  control?.setAttribute("aria-describedby", id);
  input.append(h("p.form-wrong", { id, role: "alert" }, words));
}

/** Remember what has the focus in an element, and where in it. */
export function holder(element) {
  const held = document.activeElement;
  if (!element.contains(held)) return null;
  const { selectionStart: start = null, selectionEnd: end = null } = held;
  return { held, key: held.dataset.key, start, end };
}

/** Give the focus back to what had it, or to what goes by its name; false if that is gone. */
export function giveBack(kept, element) {
  if (!kept) return true;
  const named = kept.key && element.querySelector(`[data-key="${CSS.escape(kept.key)}"]`);
  const to = kept.held.isConnected ? kept.held : named;
  if (!to) return false;
  if (to !== document.activeElement) {
    to.focus({ preventScroll: true });
    if (kept.start !== null && "setSelectionRange" in to) to.setSelectionRange(kept.start, kept.end);
  }
  return true;
}
