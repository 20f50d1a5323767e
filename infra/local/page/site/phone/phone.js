// The customers' side: a row of people, the media they write on, and the phone in hand with its quiet strips.

import { fill, h } from "../ground/dom.js";
import { dropZone } from "../ground/files.js";
import { clock, counted, dayName, inWords } from "../ground/words.js";
import { on, world } from "../ground/world.js";
import { makeRow, makeTabs } from "./choosing.js";
import { choices, choicesFor, text, unblock } from "./deeds.js";
import { fullName } from "./media.js";
import { Menu } from "./menu.js";
import { closedWords, COMPANY, companyAt, inHand, news, readAll, standingOf } from "./pocket.js";
import { Talk, tellReplies } from "./talk.js";
import { Composer } from "./writing.js";

const OFTEN = 20_000; // ms after which what depends on the time of day is looked at again
const DAY = 86_400_000; // ms

/** Put the customers' side into its place. */
export function startPhone(root) {
  const phone = new Phone();
  const row = makeRow(draw, () => {
    draw();
    phone.focus();
  });
  const tabs = makeTabs(inHand, draw);
  root.append(row.root, tabs.root, phone.root);
  on(["phones", "view", "about", "live", "flow"], draw);
  on(["begin"], () => phone.forgive());
  setInterval(draw, OFTEN);
  draw();

  // Also called at once when another phone is taken up, so that nobody writes on the one before.
  function draw() {
    const hand = inHand();
    hand.unread = news(hand.people);
    tellReplies(hand);
    phone.draw(hand); // first, for who writes on it reads what is new
    row.draw(hand);
    tabs.draw(hand);
  }
}

class Phone {
  #hand = null;
  #live = "";

  constructor() {
    const attempt = (act) => this.#attempt(act);
    this.said = h("p.ph-strip.ph-said", { role: "alert", hidden: true });
    const begin = (what, entry) => this.composer.begin(what, entry);
    this.talk = new Talk((entry) => choicesFor(this.#hand, entry, begin), attempt);
    this.composer = new Composer(attempt, () => this.talk.toEnd());
    this.news = makeNews(attempt, () => this.talk.root.focus({ preventScroll: true }));
    this.standing = makeStanding(attempt, () => this.focus());
    this.bar = makeBar(() => choices(this.#hand, begin), attempt);
    this.status = makeStatus();
    this.away = h("p.ph-elsewhere", { hidden: true });
    const parts = [this.news.root, this.talk.root, this.said, this.standing.root, this.composer.root];
    this.inside = h("div.ph-inside", { onfocusin: ({ target }) => this.#read(target) }, parts);
    dropZone(this.inside, (some) => attempt(() => this.composer.take(some)));
    this.screen = h("div.ph-screen", {}, this.status.root, this.bar.root, this.away, this.inside);
    this.root = h("div.ph-phone", { id: "phone", role: "tabpanel" }, this.screen);
  }

  focus() {
    this.composer.focus();
  }

  /** Take back what was said against something: things have changed since. */
  forgive() {
    if (this.said.dataset.tone === "bad") this.said.hidden = true;
  }

  draw(hand) {
    if (hand.place !== this.#hand?.place) this.said.hidden = true;
    if (world.live === "live" && this.#live !== "live") this.forgive();
    this.#live = world.live;
    this.#hand = hand;
    const { medium } = hand;
    this.root.setAttribute("aria-label", fullName(medium));
    this.screen.dataset.look = medium.key;
    this.away.textContent = closedWords(medium);
    this.away.hidden = !this.away.textContent;
    this.inside.hidden = !this.away.hidden;
    this.status.draw();
    if (this.inside.contains(document.activeElement) && document.hasFocus()) this.#read(document.activeElement);
    for (const part of [this.bar, this.standing, this.talk, this.composer, this.news]) part.draw(hand);
  }

  #read(target) {
    const { person, medium, place, unread } = this.#hand;
    // Who is at a message's menu would lose it, drawn anew as one that was read.
    if (target.dataset.passes || target.closest(".ph-row") || !unread.get(place).length) return;
    this.#attempt(() => readAll(person, medium));
    unread.set(place, []);
  }

  /** Do something that may fail, and say in words what was said against it. */
  async #attempt(act) {
    const { place } = this.#hand;
    this.said.hidden = true;
    try {
      const words = await act();
      if (words && place === this.#hand.place) this.#say(words, "calm");
    } catch (error) {
      if (place === this.#hand.place) this.#say(inWords(error), "bad");
    }
  }

  #say(words, tone) {
    this.said.textContent = words;
    this.said.dataset.tone = tone;
    this.said.hidden = false;
  }
}

function makeBar(items, attempt) {
  const title = h("p.ph-bar-title", {}, COMPANY);
  const ours = h("p.ph-bar-ours");
  const dots = h("button.ph-dots", { type: "button", "aria-label": "More on this phone" }, "⋯");
  const menu = new Menu(dots, items, attempt);
  const face = h("span.ph-avatar.ph-company", { "aria-hidden": "true" }, "YC");
  const root = h("header.ph-bar", {}, face, h("div.ph-bar-words", {}, title, ours), menu.root);
  let seen = "";
  return {
    root,
    draw({ medium, place }) {
      ours.textContent = [companyAt(medium), fullName(medium)].filter(Boolean).join(" · ");
      if (seen !== place) menu.close();
      seen = place;
    },
  };
}

function makeStatus() {
  const time = h("span", {});
  const signs = [h("span.ph-signal", {}), h("span.ph-battery", {})];
  const root = h("div.ph-status", { "aria-hidden": "true" }, time, h("span.ph-signs", {}, signs));
  return { root, draw: () => (time.textContent = clock(Date.now())) };
}

// The strip that says what is new.
function makeNews(attempt, leave) {
  const words = h("span", {});
  const button = h("button.ph-strip-button", { type: "button", dataset: { passes: "true" }, onclick: read }, "Mark as read");
  const root = h("div.ph-strip.ph-news", { hidden: true }, words, button);
  let now = null;
  return {
    root,
    draw(hand) {
      now = hand;
      const count = hand.unread.get(hand.place).length;
      if (!count && root.contains(document.activeElement)) leave();
      root.hidden = !count;
      words.textContent = counted(count, "new message");
    },
  };

  function read() {
    attempt(() => readAll(now.person, now.medium));
  }
}

// The strip that says how the customer stands with the company.
function makeStanding(attempt, leave) {
  const root = h("div.ph-standings");
  let seen = "";
  return {
    root,
    draw({ person, medium, place }) {
      const said = standingWords(standingOf(person, medium), medium);
      const look = `${place} ${said?.words}`;
      if (look === seen) return;
      seen = look;
      const left = root.contains(document.activeElement);
      fill(root, said && standingStrip(said, () => attempt(() => said.act(person, medium))));
      if (left) leave();
    },
  };
}

// In short for who looks, where there is no room for more.
function standingStrip({ tone, words, brief, button }, act) {
  return h(
    "p.ph-strip",
    { dataset: { tone } },
    h("span.ph-whole", {}, words),
    h("span.ph-brief", { "aria-hidden": "true" }, brief),
    button && h("button.ph-strip-button", { type: "button", onclick: act }, button),
  );
}

function standingWords({ stopped, blocked, window_ends: ends }, medium) {
  if (stopped && medium.stops) {
    const words = "You texted STOP. Text START to hear from them again.";
    const act = (person) => text(person, medium, "START");
    return { tone: "shut", words, brief: "You texted STOP.", button: "START", act };
  }
  if (blocked) {
    const words = `You have blocked this company on ${fullName(medium)}.`;
    return { tone: "shut", words, brief: "You blocked them.", button: "Unblock", act: unblock };
  }
  if (!medium.hasWindow || !ends) return null;
  if (ends > Date.now()) {
    const until = `until ${momentWords(ends)}`;
    return { tone: "open", words: `${COMPANY} may reply ${until}.`, brief: `Replies ${until}` };
  }
  const words = "The 24-hour window is closed: only templates get through until you write again.";
  return { tone: "shut", words, brief: "Window closed: only templates now" };
}

function momentWords(at) {
  if (dayName(at) === "Today") return `${clock(at)} today`;
  return dayName(at, Date.now() + DAY) === "Today" ? `${clock(at)} tomorrow` : `${clock(at)}, ${dayName(at)}`;
}
