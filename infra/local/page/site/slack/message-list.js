// The messages of a channel or a thread: drawn as they come, walked through with the arrow keys.

import { h, replace } from "../ground/dom.js";
import { KEYS, possible, toolbar } from "./acts.js";
import { LongList } from "./longlist.js";
import { drawMessage, labelOf, lookOf } from "./message.js";
import { News } from "./message-news.js";

const CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex]";
const PLACE = ["me", "channelId", "thread", "world"]; // another one of these begins another list
const STEPS = { ArrowUp: "before", ArrowDown: "after", Home: "first", End: "last" };

export class MessageList {
  #spot = null;
  #list = null;
  #get = () => undefined;
  #active = null; // the row that Tab leads to
  #isMoved = false; // whether anybody has scrolled: to scroll back costs a layout
  #editing = null; // { row, end }

  /** `act(name, message, button)` does what somebody wants with a message; `leave()` takes the focus elsewhere. */
  constructor({ act, leave }) {
    Object.assign(this, { act, leave });
    this.feed = h("div.feed");
    const sheet = h("div.sheet", {}, this.feed);
    this.scroller = h("div.scroller", {}, sheet);
    this.news = new News(this.scroller, sheet, { toEnd: () => this.toEnd() });
    this.element = h("div.messages", {}, this.scroller, this.news.jump);
    this.bar = toolbar((name, button) => this.#press(name, button));
    this.scroller.addEventListener("scroll", () => (this.#isMoved = true), { passive: true });
    this.feed.addEventListener("pointerover", (event) => this.#hover(event));
    this.feed.addEventListener("focusin", (event) => this.#focused(event));
    this.feed.addEventListener("keydown", (event) => this.#keydown(event));
    this.feed.addEventListener("pointerleave", () => this.#unhover());
  }

  /** Show the messages with these ts. The spot is { me, channel, channelId, thread, world, name, closed, ctx, do }. */
  show(spot, keys, get) {
    const elsewhere = PLACE.some((one) => this.#spot?.[one] !== spot[one]);
    this.#spot = spot;
    this.#get = get;
    if (elsewhere) this.#begin(keys);
    const lines = this.news.hear(spot, keys, get);
    this.#name(keys.length > 0);
    this.#list.show(keys, get);
    lines.forEach((ts) => this.#list.again(ts));
    const isWalking = this.feed.contains(document.activeElement);
    if (!this.#active?.isConnected || (this.news.atEnd && !isWalking)) this.#activate(this.#list.last());
  }

  #begin(keys) {
    const hadFocus = this.feed.contains(document.activeElement);
    this.#list?.end();
    this.#active = this.#editing = null;
    this.bar.element.remove();
    if (hadFocus) this.leave();
    if (this.#isMoved) this.toEnd();
    this.news.begin(this.#spot, keys, this.#get);
    this.#list = new LongList(this.feed, {
      make: (ts) => h("article.row", { tabindex: "-1", dataset: { ts } }),
      draw: (row, message, look) => this.#draw(row, message, look),
      look: (message, before) => this.#look(message, before),
      removed: (row) => this.#removed(row),
    });
  }

  // A feed holds messages: without one it is nothing that has a name.
  #name(isFeed) {
    const about = { role: isFeed ? "feed" : null, ariaLabel: isFeed ? this.#spot.name : null };
    for (const [name, value] of Object.entries(about)) if (this.feed[name] !== value) this.feed[name] = value;
  }

  #look(message, before) {
    const { thread } = this.#spot;
    const belowParent = Boolean(thread) && (!before || before.ts === thread);
    return lookOf(message, belowParent ? null : before, { newFrom: this.news.from, quiet: belowParent });
  }

  #draw(row, message, look) {
    row.setAttribute("aria-label", labelOf(message, this.#spot));
    if (row === this.#editing?.row) return;
    const old = row.querySelector(":scope > .stuff");
    const hadFocus = old?.contains(document.activeElement);
    const fresh = drawMessage(message, look, this.#spot);
    if (old) replace(old, fresh);
    else row.prepend(fresh);
    setTabbable(fresh, row === this.#active);
    if (hadFocus && !row.contains(document.activeElement)) row.focus({ preventScroll: true });
  }

  #removed(row) {
    if (row === this.#editing?.row) this.#editing = null;
    const beside = this.#list.after(row) ?? this.#list.before(row);
    if (row.contains(this.bar.element)) this.bar.element.remove();
    if (row.contains(document.activeElement)) (beside ?? { focus: this.leave }).focus();
    if (row === this.#active) this.#activate(beside);
  }

  /** Draw a message once more: something beside it has changed. */
  again(ts) {
    this.#list?.again(ts);
  }

  toEnd() {
    this.scroller.scrollTop = 0; // the sheet hangs upside down, so that it stays at its end by itself
    this.#isMoved = false;
  }

  /** Go to a message and make it stand out for a moment; false if it is not drawn. */
  go(ts) {
    const row = this.#list?.element(ts);
    row?.focus();
    return Boolean(row);
  }

  /** Edit a message in its row. `begin(done)` makes the editor. */
  edit(ts, begin) {
    const row = this.#list.element(ts);
    if (!row) return;
    this.#editing?.end();
    const end = () => {
      if (this.#editing?.row !== row) return;
      this.#editing = null;
      row.classList.remove("editing");
      const hadFocus = row.contains(document.activeElement);
      made.element.remove();
      this.#list.again(ts);
      if (hadFocus) row.focus({ preventScroll: true });
    };
    const made = begin(end);
    this.#editing = { row, end };
    row.classList.add("editing");
    row.append(made.element);
    made.focus();
  }

  #activate(row) {
    if (!row || row === this.#active) return;
    if (this.#active) {
      this.#active.tabIndex = -1;
      setTabbable(this.#active, false);
    }
    this.#active = row;
    row.tabIndex = 0;
    setTabbable(row, true);
  }

  #focused({ target }) {
    const row = target.closest(".row");
    this.#activate(row);
    if (!row.contains(this.bar.element)) this.#offer(row);
  }

  #hover({ target, pointerType }) {
    const row = target.closest(".row");
    if (!row || pointerType === "touch" || row.contains(this.bar.element)) return;
    if (this.bar.element.querySelector('[aria-expanded="true"]')) return;
    const { element } = this.bar;
    if (element.contains(document.activeElement)) element.parentElement.focus({ preventScroll: true });
    this.#offer(row);
  }

  #unhover() {
    const focused = document.activeElement?.closest?.(".row");
    if (this.bar.element.querySelector('[aria-expanded="true"]')) return; // its menu is open
    if (this.feed.contains(focused)) this.#offer(focused);
    else this.bar.element.remove();
  }

  #offer(row) {
    this.bar.offer(possible(this.#get(row.dataset.ts), this.#spot));
    if (this.bar.element.parentElement !== row) row.append(this.bar.element);
  }

  #press(name, button) {
    const message = this.#get(button.closest(".row").dataset.ts);
    if (message) this.act(name, message, button);
  }

  #keydown(event) {
    const row = event.target.closest(".row");
    if (!row || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target !== row) {
      if (event.key === "Escape" && !this.#editing) row.focus({ preventScroll: true });
      return;
    }
    if (this.#walk(row, event.key) || this.#ask(row, event.key)) event.preventDefault();
  }

  #walk(row, key) {
    const to = key in STEPS ? this.#list[STEPS[key]](row) : null;
    to?.focus();
    return Boolean(to);
  }

  #ask(row, key) {
    const message = this.#get(row.dataset.ts);
    const name = key === "Enter" || key === "ArrowRight" ? "reply" : KEYS[key];
    if (!possible(message, this.#spot).includes(name)) return false;
    this.act(name, message, this.bar.element.querySelector(`[data-key="${name}"]`) ?? row);
    return true;
  }
}

// Two thousand messages with three buttons each are no way to tab through: only those of one are reached.
function setTabbable(root, tabbable) {
  for (const control of root.querySelectorAll(CONTROLS)) {
    if (!control.closest(".toolbar, .editor")) control.tabIndex = tabbable ? 0 : -1;
  }
}
