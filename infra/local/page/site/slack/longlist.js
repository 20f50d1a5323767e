// A long list that makes and changes only the rows that need it, a few at a time: the newest at once, the older ones
// when the browser has time to spare.

import { isHeld } from "../ground/dom.js";

const AT_ONCE = 6; // rows in the frame in which they are asked for
const LATER = 12; // rows in one go after that
const IN_SIGHT = 30; // rows that are urgent
const SLICE = 5; // ms after which the rest waits
const DISCARDED = 8; // chunks taken away in one go
const CHUNK = 16; // rows the browser leaves out together while they are out of sight: one by one costs it more

const later = globalThis.scheduler?.postTask
  ? (task, priority = "background") => scheduler.postTask(task, { priority })
  : (task) => (globalThis.requestIdleCallback ?? setTimeout)(() => task());

export class LongList {
  #rows = new Map(); // key -> { element, thing, before, look }
  #drawn = []; // the keys of the rows that are there, sorted
  #keys = [];
  #get = () => undefined;
  #waiting = false;
  #ended = false;

  /**
   * Rows stand in chunks in an element of `place`, the last is the newest. `make(key)` gives a row's empty element,
   * `draw(element, thing, look)` fills it, `look(thing, before)` tells in a string what it shows of the thing before,
   * and `removed(element)` hears of a row that goes.
   */
  constructor(place, { make, draw, look, removed }) {
    Object.assign(this, { make, draw, look, removed });
    this.parent = document.createElement("div");
    place.append(this.parent);
  }

  /** Show the things of these sorted keys. A thing that has changed must be another object. */
  show(keys, get) {
    this.#keys = keys;
    this.#get = get;
    this.#catchUp(AT_ONCE);
  }

  /** Draw a row once more, though its thing is the same. */
  again(key) {
    const row = this.#rows.get(key);
    if (!row) return;
    row.thing = undefined;
    this.#catchUp(AT_ONCE);
  }

  element(key) {
    return this.#rows.get(key)?.element;
  }

  first() {
    return this.parent.firstElementChild?.firstElementChild ?? null;
  }

  last() {
    return this.parent.lastElementChild?.lastElementChild ?? null;
  }

  before(row) {
    return row.previousElementSibling ?? row.parentElement.previousElementSibling?.lastElementChild ?? null;
  }

  after(row) {
    return row.nextElementSibling ?? row.parentElement.nextElementSibling?.firstElementChild ?? null;
  }

  /** Show no more, and go away bit by bit: even that takes its time. */
  end() {
    this.#ended = true;
    this.parent.className = "leaving";
    const discard = () => {
      for (let n = 0; n < DISCARDED; n += 1) this.parent.lastElementChild?.remove();
      if (this.parent.childElementCount) later(discard);
      else this.parent.remove();
    };
    later(discard);
  }

  // From the newest to the oldest beside what is drawn: comparing two thousand is nothing, drawing them is.
  #catchUp(rows) {
    const budget = { rows, until: performance.now() + SLICE, short: false };
    const there = [];
    let old = this.#drawn.length - 1;
    let next = null;
    for (let at = this.#keys.length - 1; at >= 0; at -= 1) {
      const key = this.#keys[at];
      while (old >= 0 && this.#drawn[old] > key) this.#remove(this.#drawn[old--]);
      const known = old >= 0 && this.#drawn[old] === key;
      if (known) old -= 1;
      const row = known ? this.#rows.get(key) : this.#add(key, next, budget);
      if (!row) continue;
      this.#refresh(row, this.#get(key), this.#get(this.#keys[at - 1]), budget);
      there.push(key);
      next = row.element;
    }
    while (old >= 0) this.#remove(this.#drawn[old--]);
    this.#drawn = there.reverse();
    if (budget.short) this.#goOn();
  }

  #add(key, next, budget) {
    if (isSpent(budget)) return null;
    const row = { element: this.make(key) };
    this.#rows.set(key, row);
    this.#insert(row.element, next);
    return row;
  }

  #insert(element, next) {
    const chunk = next ? next.parentElement : this.parent.lastElementChild;
    const isFull = !chunk || (chunk.childElementCount >= CHUNK && (!next || next === chunk.firstElementChild));
    if (!isFull) {
      chunk.insertBefore(element, next);
      return;
    }
    const made = document.createElement("div");
    made.className = "chunk";
    made.append(element);
    this.parent.insertBefore(made, next ? chunk : null);
  }

  #refresh(row, thing, before, budget) {
    if (row.thing === thing && row.before === before) return;
    const look = this.look(thing, before);
    if (row.thing !== thing || row.look !== look) {
      if ((row.thing && isSpent(budget)) || isHeld(row.element)) return;
      budget.rows -= 1;
      this.draw(row.element, thing, look);
    }
    Object.assign(row, { thing, before, look });
  }

  #remove(key) {
    const { element } = this.#rows.get(key);
    this.#rows.delete(key);
    this.removed(element);
    const chunk = element.parentElement;
    element.remove();
    if (!chunk.childElementCount) chunk.remove();
  }

  #goOn() {
    if (this.#waiting) return;
    this.#waiting = true;
    later(() => {
      this.#waiting = false;
      if (!this.#ended) this.#catchUp(LATER);
    }, this.#drawn.length < IN_SIGHT ? "user-visible" : "background");
  }
}

function isSpent(budget) {
  budget.short ||= budget.rows <= 0 || performance.now() > budget.until;
  return budget.short;
}
