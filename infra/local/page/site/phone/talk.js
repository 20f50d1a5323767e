// The conversation as a phone shows it: the last part first, what is earlier when one scrolls there.

import { announce, h, list } from "../ground/dom.js";
import { dayName } from "../ground/words.js";
import { bubble, dayMark, newMark } from "./bubble.js";
import { fullName } from "./media.js";
import { COMPANY, entriesOf, isMine, knockedInVain, mediaOf, placeOf } from "./pocket.js";
import { waitingAt } from "./send.js";

const STEP = 50; // bubbles drawn at once
const NEAR = 600; // px from the top at which the earlier ones are drawn
const TOGETHER = 5 * 60_000; // ms within which messages of one side stand close together
const LATER = 15 * 60_000; // ms after which a phone without times in its bubbles says the time

const revisions = new WeakMap();
let revision = 0;

/** The conversation on the phone in hand. */
export class Talk {
  #hand = null;
  #place = "";
  #shown = STEP;
  #atEnd = true;
  #top = 0;
  #height = 0;

  /** `choices(entry)` tells what can be done with a message, `attempt` does it. */
  constructor(choices, attempt) {
    Object.assign(this, { choices, attempt });
    this.bubbles = h("ol.ph-bubbles");
    this.empty = h("p.ph-empty");
    this.earlier = h("button.quiet.ph-earlier", { type: "button", onclick: () => this.#grow() }, "Earlier messages");
    const about = { role: "log", tabindex: "0", "aria-live": "off" };
    this.root = h("div.ph-talk", about, this.earlier, this.empty, this.bubbles);
    this.root.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    this.root.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Told after the layout, so that nothing has to be measured while drawing.
    const keepEnd = new ResizeObserver(() => this.#atEnd && this.toEnd());
    keepEnd.observe(this.bubbles);
    keepEnd.observe(this.root);
  }

  /** Go to what was said last, and stay there. */
  toEnd() {
    this.#atEnd = true;
    this.root.scrollTop = this.root.scrollHeight;
  }

  #scrolled() {
    const { scrollTop: top, scrollHeight, clientHeight } = this.root;
    // What has just come or gone moves the end; only who scrolls up has left it.
    if (scrollHeight - top - clientHeight < 30) this.#atEnd = true;
    else if (top < this.#top - 1 && scrollHeight === this.#height) this.#atEnd = false;
    this.#top = top;
    this.#height = scrollHeight;
    if (top < NEAR && !this.earlier.hidden) this.#grow();
  }

  #grow() {
    const { scrollHeight: height, scrollTop: top } = this.root;
    this.#shown += STEP;
    this.draw(this.#hand);
    // Above the very first line a browser has nothing to hold on to, so the place is kept here.
    const added = this.root.scrollHeight - height;
    if (added && this.root.scrollTop === top) this.root.scrollTop = top + added;
  }

  // From one message's button to the next: all of them together are one stop of the Tab key.
  #key(event) {
    const all = [...this.bubbles.querySelectorAll(".ph-act")];
    const at = all.indexOf(event.target);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.target.getAttribute("aria-expanded") === "true") return;
    event.preventDefault();
    event.stopPropagation();
    all[Math.max(0, Math.min(to, all.length - 1))].focus();
  }

  draw(hand) {
    const { person, medium, place } = hand;
    this.#hand = hand;
    const turned = place !== this.#place;
    if (turned) [this.#place, this.#shown] = [place, STEP];
    const all = [...entriesOf(person, medium), ...waitingAt(person, medium)];
    const some = all.slice(-this.#shown);
    if (document.activeElement === this.earlier && some.length === all.length) this.root.focus({ preventScroll: true });
    this.earlier.hidden = some.length === all.length;
    this.bubbles.hidden = !all.length;
    this.empty.hidden = all.length > 0;
    this.empty.textContent = `You hold ${person.name}’s phone. What you write arrives in the team’s Slack.`;
    this.root.setAttribute("aria-label", `${person.name} and ${COMPANY} on ${fullName(medium)}`);
    const made = lines(some, all, hand, this);
    const inside = this.bubbles.contains(document.activeElement);
    list(this.bubbles, made, (line) => line.key, (line) => line.make(), (line) => line.look);
    if (inside && !this.bubbles.contains(document.activeElement)) this.root.focus({ preventScroll: true });
    const acts = [...this.bubbles.querySelectorAll(".ph-act")];
    for (const one of acts) one.tabIndex = one === acts.at(-1) ? 0 : -1;
    if (turned) this.toEnd();
  }
}

function lines(entries, all, { person, medium, place, unread }, { choices, attempt }) {
  const vain = entries.some((entry) => isMine(entry) && entry.state === "sent") ? knockedInVain(person, medium) : new Set();
  const fresh = new Set(unread.get(place).map(({ id }) => id));
  const lastMine = entries.findLast(isOwn);
  const byId = entries.some((entry) => entry.reply_to) ? new Map(all.map((entry) => [entry.id, entry])) : new Map();
  const made = [];
  let before = null;
  let told = false;
  for (const entry of entries) {
    const mine = isOwn(entry);
    const about = { mine, place, medium, fresh: fresh.has(entry.id), last: entry === lastMine };
    about.fate = entry.state === "sent" && vain.has(entry.id) ? "again" : entry.state;
    about.answered = entry.reply_to && byId.get(entry.reply_to);
    Object.assign(about, { choices: () => choices(entry), attempt });
    about.joined = Boolean(before) && isOwn(before) === mine && entry.at - before.at < TOGETHER;
    const name = entry.id ?? entry.key;
    if (startsAnew(entry, before, medium)) made.push(mark(`${dayName(entry.at)} ${name}`, () => dayMark(entry.at, medium)));
    if (about.fresh && !told) made.push(mark("new", newMark));
    told ||= about.fresh;
    made.push({ key: `${place} ${name}`, look: lookOf(entry, about), make: () => bubble(entry, about) });
    before = entry;
  }
  return made;
}

function isOwn({ direction }) {
  return direction !== "to_customer"; // what waits has none yet
}

function startsAnew({ at }, before, { bare }) {
  if (!at) return false;
  return !before?.at || dayName(before.at) !== dayName(at) || (bare && at - before.at > LATER);
}

function mark(key, make) {
  return { key, look: key, make };
}

// An entry that has changed is another object, so that its number says all about it.
function lookOf(entry, { fate, joined, fresh, last, answered }) {
  return [revisionOf(entry), fate, joined, fresh, last, answered && revisionOf(answered)].join(" ");
}

function revisionOf(entry) {
  if (!revisions.has(entry)) revisions.set(entry, (revision += 1));
  return revisions.get(entry);
}

let told = Date.now();

/** Say the replies that have just come to those who listen. */
export function tellReplies({ people, person: held, unread }) {
  let latest = told;
  const words = [];
  for (const person of people) {
    for (const medium of mediaOf(person)) {
      for (const entry of unread.get(placeOf(person, medium))) {
        if (!(entry.at > told)) continue;
        latest = Math.max(latest, entry.at);
        const to = person.key === held.key ? "" : ` to ${person.name}`;
        words.push(`${COMPANY}${to} on ${fullName(medium)}: ${entry.text}`);
      }
    }
  }
  told = latest;
  if (words.length) announce(words.slice(-3).join(". "));
}
