// The modals before a person: a stack of views over the channels, of which the top one is to be dealt with first.

import { fill, h } from "../ground/dom.js";
import { pull } from "../ground/live.js";
import { inWords } from "../ground/words.js";
import { world } from "../ground/world.js";
import { NO_ANSWER } from "./acts.js";
import { Form } from "./form.js";
import { icon } from "./message-parts.js";
import { openThread } from "./place.js";

const STOPS = "button, input, select, textarea, summary, a[href], [tabindex='0']";

export class Modals {
  #open = new Map(); // id of a view -> its Modal, with what was typed there
  #shown = null;
  #opener = null; // what had the focus before
  #takes = false; // whether a modal that has just come takes the focus

  /** Modals stand in `frame`, over `beneath`; `leave()` takes the focus where there was none before. */
  constructor(frame, beneath, leave) {
    Object.assign(this, { frame, beneath, leave });
    this.element = h("div.modals");
  }

  draw(me) {
    const stack = world.slack.modals.get(me) ?? [];
    this.#prune();
    const view = stack.at(-1);
    const modal = view ? this.#modal(view.id, me) : null;
    const hadFocus = this.element.contains(document.activeElement);
    if (modal !== this.#shown) this.#change(modal);
    if (!modal) return;
    if (this.element.parentElement !== this.frame) this.frame.append(this.element);
    const isWrong = modal.draw(view, stack.length);
    const isHere = modal.element.contains(document.activeElement);
    if ((hadFocus || this.#takes) && (!isHere || isWrong)) modal.focus();
    this.#takes = false;
  }

  #modal(id, me) {
    if (!this.#open.has(id)) this.#open.set(id, new Modal(me));
    return this.#open.get(id);
  }

  #prune() {
    const there = new Set([...world.slack.modals.values()].flat().map(({ id }) => id));
    for (const id of this.#open.keys()) if (!there.has(id)) this.#open.delete(id);
  }

  #change(modal) {
    const held = document.activeElement;
    const wasOpen = this.#shown !== null;
    this.#shown = modal;
    if (!modal) return this.#end();
    // Somebody who is at the phone meanwhile, or looks at one person's Slack after the other, is left there.
    const isHere = this.frame.contains(held) && !held.closest(".viewers");
    if (!wasOpen) this.#takes = held === document.body || isHere;
    if (!wasOpen && this.#takes) this.#opener = placeOf(held);
    fill(this.element, modal.element);
    for (const one of this.beneath) one.inert = true;
    return undefined;
  }

  #end() {
    const hadFocus = this.element.contains(document.activeElement) || document.activeElement === document.body;
    this.element.remove();
    for (const one of this.beneath) one.inert = false;
    if (hadFocus) backTo(this.#opener) || this.leave();
    this.#opener = null;
  }
}

/** Remember an element by what it is called as well: its message may be drawn anew meanwhile. */
function placeOf(element) {
  const row = element.closest?.(".row");
  return { element, row, key: element.dataset?.key };
}

function backTo(place) {
  const { element, row, key } = place ?? {};
  const named = key && row?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const to = [element, named, row].find((one) => one?.isConnected && one !== document.body);
  to?.focus({ preventScroll: true });
  return Boolean(to) && document.activeElement === to;
}

class Modal {
  #view = null;
  #problem = "";
  #isBusy = false;

  constructor(me) {
    this.me = me;
    this.form = new Form(me, { show: openThread });
    this.title = h("h2.modal-title", { dir: "auto", tabindex: "-1" });
    this.said = h("p.problem", { role: "alert" });
    const close = { type: "button", "aria-label": "Close", title: "Close", onclick: () => this.#close(true) };
    const cross = h("button.tool", close, icon("close"));
    this.sign = h("img.modal-sign", { src: "icon.svg", alt: "" });
    this.body = h("div.modal-body", {}, this.form.element);
    this.cancel = h("button.modal-cancel", { type: "button", onclick: () => this.#close(false) });
    this.hand = h("button.modal-submit", { type: "submit" });
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    const parts = [
      h("header.modal-head", {}, this.sign, this.title, cross),
      this.body,
      this.said,
      h("footer.modal-foot", {}, this.cancel, this.hand),
    ];
    const form = h("form", { novalidate: true, onsubmit: submit }, parts);
    this.element = h("section.modal", { role: "dialog", onkeydown: (event) => this.#keydown(event) }, form);
  }

  /** Draw its view; gives whether the app has said anew what is wrong. */
  draw(view) {
    if (view === this.#view && this.form.isWhole) return false;
    this.#view = view;
    this.title.textContent = view.title?.text ?? "";
    this.element.setAttribute("aria-label", this.title.textContent);
    const isWrong = this.form.draw(view);
    this.body.tabIndex = this.body.querySelector(STOPS) ? -1 : 0; // or nobody could scroll it with the keyboard
    this.cancel.textContent = view.close?.text ?? "Cancel";
    this.hand.hidden = !view.submit;
    this.hand.textContent = view.submit?.text ?? "";
    this.#tell();
    return isWrong;
  }

  focus() {
    if (!this.form.focus()) this.title.focus();
  }

  #tell() {
    const words = this.#view.trouble || this.#problem;
    if (this.said.textContent !== words) fill(this.said, words);
  }

  async #submit() {
    if (!this.#view.submit || this.#isBusy) return;
    if (!this.form.isComplete()) {
      this.form.focus();
      return;
    }
    await this.#during(async () => {
      const { result: status } = await pull("slack", "submit", { user: this.me, values: this.form.values() });
      if (status === 0) throw new Error(NO_ANSWER);
    });
  }

  async #close(everything) {
    await this.#during(() => pull("slack", "close_modal", { user: this.me, everything }));
  }

  async #during(act) {
    if (this.#isBusy) return;
    this.#busy(true);
    this.#problem = "";
    try {
      await act();
    } catch (error) {
      if (this.element.isConnected) this.#problem = inWords(error);
    } finally {
      this.#busy(false);
    }
    this.#tell();
  }

  // What is busy is not disabled: it would lose the focus.
  #busy(is) {
    this.#isBusy = is;
    this.hand.setAttribute("aria-busy", is);
  }

  #keydown(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#submit();
    else if (event.key === "Escape") this.#close(false);
    else if (event.key !== "Tab" || !this.#turn(event.shiftKey)) return;
    event.preventDefault();
  }

  // Whoever has come to the end begins anew, and the other way round.
  #turn(isBack) {
    const stops = [...this.element.querySelectorAll(STOPS)].filter((one) => one.tabIndex >= 0 && isSeen(one));
    const [first, last] = [stops[0], stops.at(-1)];
    const now = document.activeElement;
    const leaves = isBack ? now === first || now === this.title : now === last;
    if (leaves) (isBack ? last : first)?.focus();
    return leaves;
  }
}

const isSeen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
