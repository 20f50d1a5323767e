// What is new in a list of messages: where the line "New" stands, what has been seen, and what is read aloud.

import { announce, h } from "../ground/dom.js";
import { view } from "../ground/view.js";
import { counted } from "../ground/words.js";
import { authorOf, icon, summary } from "./message-parts.js";
import { counts, lastRead, markRead, spotOf } from "./place.js";

const SPOKEN = 200; // characters of a new message that are read aloud
const SPOKEN_AT_ONCE = 3; // messages

export class News {
  from = ""; // ts of the message above which the line stands
  atEnd = false; // whether the newest message is in sight
  #spot = null;
  #keys = [];
  #get = () => undefined;
  #known = ""; // ts of the newest message told
  #end = h("div.end");

  constructor(scroller, sheet, { toEnd }) {
    this.sheet = sheet;
    this.jump = h("button.jump", { type: "button", hidden: true, onclick: toEnd }, icon("down"), h("span"));
    const about = { root: scroller, rootMargin: "0px 0px 32px" };
    this.observer = new IntersectionObserver((entries) => this.#seen(entries.at(-1).isIntersecting), about);
    document.addEventListener("visibilitychange", () => this.#read());
  }

  /** Come to another place. */
  begin(spot, keys, get) {
    this.from = "";
    this.#spot = spot;
    // What opened by itself has been told to nobody yet, but for its head, which the channel tells.
    this.#known = (spot.thread && view.follow ? keys[0] : keys.at(-1)) ?? "0";
    this.atEnd = false;
    this.jump.hidden = true;
    this.observer.disconnect();
    this.#end.remove();
    this.#end = h("div.end");
    this.sheet.append(this.#end);
    this.observer.observe(this.#end); // which tells at once whether it is in sight
    const since = lastRead(spot.me, spotOf(spot.channel.id, spot.thread));
    if (since) this.from = firstNew(keys, get, spot.me, since);
  }

  /** Hear what there is now; gives the rows above which a line came or went. */
  hear(spot, keys, get) {
    const before = this.from;
    const fresh = firstNew(keys, get, spot.me, this.#known);
    const newest = keys.at(-1);
    if (newest > this.#known && get(newest).user === spot.me) this.from = ""; // who answers has read
    else if (!this.from && fresh && !this.#isWatched()) this.from = fresh;
    const words = spoken(spot, keys, get, this.#known);
    if (words) announce(words);
    this.#spot = spot;
    this.#keys = keys;
    this.#get = get;
    if (newest > this.#known) this.#known = newest;
    this.#read();
    return before === this.from ? [] : [before, this.from].filter(Boolean);
  }

  #isWatched() {
    return this.atEnd && !document.hidden;
  }

  #seen(atEnd) {
    this.atEnd = atEnd;
    this.#read();
  }

  #read() {
    if (!this.#spot) return;
    const { me, channel, thread } = this.#spot;
    const spot = spotOf(channel.id, thread);
    if (this.#isWatched()) markRead(me, spot, this.#keys.at(-1));
    this.jump.hidden = this.atEnd;
    if (this.atEnd) return;
    const fresh = newer(this.#keys, this.#get, me, lastRead(me, spot)).length;
    this.jump.lastChild.textContent = fresh ? counted(fresh, "new message") : "Jump to newest";
  }
}

function newer(keys, get, me, since) {
  const found = [];
  for (let at = keys.length - 1; at >= 0 && keys[at] > since; at -= 1) {
    if (counts(get(keys[at]), me)) found.unshift(keys[at]);
  }
  return found;
}

// Nothing above is worth a line when everything below it is new.
function firstNew(keys, get, me, since) {
  const [first = ""] = newer(keys, get, me, since);
  return first === keys[0] ? "" : first;
}

function spoken(spot, keys, get, since) {
  const fresh = newer(keys, get, spot.me, since).map(get);
  if (fresh.length > SPOKEN_AT_ONCE) return `${spot.name}: ${counted(fresh.length, "new message")}`;
  return fresh.map((message) => `${authorOf(message).name}: ${summary(message, SPOKEN)}`).join(". ");
}
