// The conversation as a phone shows it: the last part first, what is earlier when one scrolls there.

import { bubble, dayMark, dayWords, reactionLine } from "./bubble.js";
import { announce, h, list } from "./dom.js";
import { fullName } from "./media.js";
import { COMPANY, entriesOf, inHand, isMine, knockedInVain, mediaOf, unreadOf } from "./pocket.js";
import { waitingAt } from "./phonesend.js";

const STEP = 50; // bubbles drawn at once
const NEAR = 600; // px from the top at which the earlier ones are drawn
const TOGETHER = 5 * 60_000; // ms within which messages of one side stand close together

export const reactions = new Map(); // "place id" -> the emoji the customer put on a reply

const revisions = new WeakMap();
let revision = 0;

/** Make the conversation; gives its element and what draws it. */
export function makeTalk() {
  const bubbles = h("ol.ph-bubbles");
  const earlier = h("button.quiet.ph-earlier", { type: "button", onclick: () => grow() }, "Earlier messages");
  const empty = h("p.ph-empty");
  const root = h("div.ph-talk", { role: "log", tabindex: "0", "aria-live": "off" }, earlier, empty, bubbles);
  const state = { place: "", shown: STEP, atEnd: true, top: 0 };

  root.addEventListener("scroll", scrolled, { passive: true });
  const keepEnd = new ResizeObserver(() => state.atEnd && toEnd());
  keepEnd.observe(bubbles);
  keepEnd.observe(root);
  return { root, draw, toEnd: () => ((state.atEnd = true), toEnd()) };

  function toEnd() {
    root.scrollTop = root.scrollHeight;
  }

  function scrolled() {
    const { scrollTop: top } = root;
    // What has just come moves the end away; only who scrolls up has left it.
    if (root.scrollHeight - top - root.clientHeight < 30) state.atEnd = true;
    else if (top < state.top - 1) state.atEnd = false;
    state.top = top;
    if (root.scrollTop < NEAR && !earlier.hidden) grow();
  }

  function grow() {
    const [height, top] = [root.scrollHeight, root.scrollTop];
    state.shown += STEP;
    draw(inHand());
    // Above the very first line a browser has nothing to hold on to, so the place is kept here.
    const added = root.scrollHeight - height;
    if (added && root.scrollTop === top) root.scrollTop = top + added;
  }

  function draw({ person, medium, place }) {
    if (place !== state.place) Object.assign(state, { place, shown: STEP, atEnd: true });
    const all = [...entriesOf(person, medium), ...waitingAt(person, medium)];
    const some = all.slice(-state.shown);
    const had = document.activeElement === earlier;
    earlier.hidden = some.length === all.length;
    bubbles.hidden = !all.length;
    empty.hidden = all.length > 0;
    empty.textContent = `You hold ${person.name}’s phone. What you write arrives in the team’s Slack.`;
    if (had && earlier.hidden) root.focus({ preventScroll: true });
    root.setAttribute("aria-label", `${person.name} and ${COMPANY} on ${fullName(medium)}`);
    list(bubbles, lines(some, person, medium, place), (line) => line.key, make, (line) => line.look);
    if (state.atEnd) toEnd();
  }
}

function lines(entries, person, medium, place) {
  const vain = entries.some((entry) => isMine(entry) && entry.state === "sent") ? knockedInVain(person, medium) : new Set();
  const fresh = new Set(unreadOf(person, medium).map(({ id }) => id));
  const made = [];
  let last = null;
  for (const entry of entries) {
    const mine = entry.direction !== "to_customer";
    if (entry.at && (!last?.at || dayWords(last.at) !== dayWords(entry.at))) made.push(day(entry.at));
    const joined = Boolean(last) && (last.direction !== "to_customer") === mine && entry.at - last.at < TOGETHER;
    const fate = entry.state === "sent" && vain.has(entry.id) ? "again" : entry.state;
    const about = { mine, fate, joined, fresh: fresh.has(entry.id), reaction: reactions.get(`${place} ${entry.id}`), medium };
    made.push({ key: `${place} ${entry.id ?? entry.key}`, look: lookOf(entry, about), entry, about });
    last = entry;
  }
  return made;
}

function day(at) {
  const words = dayWords(at);
  return { key: `day ${words}`, look: words, at };
}

// An entry that has changed is another object, so that its number says all about it.
function lookOf(entry, { fate, joined, fresh, reaction = "" }) {
  if (!revisions.has(entry)) revisions.set(entry, (revision += 1));
  return [revisions.get(entry), fate, joined, fresh, reaction].join(" ");
}

function make(line) {
  if (!line.entry) return dayMark(line.at);
  return line.entry.type === "reaction" ? reactionLine(line.entry, line.about) : bubble(line.entry, line.about);
}

let told = Date.now();

/** Say the replies that have just come to those who listen. */
export function tellReplies({ people, person: held }) {
  let latest = told;
  const words = [];
  for (const person of people) {
    for (const medium of mediaOf(person)) {
      for (const entry of unreadOf(person, medium)) {
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
