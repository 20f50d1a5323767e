// The customers' side: a row of people, the media they write on, and the phone in hand.

import { h } from "../ground/dom.js";
import { fullName } from "./media.js";
import { makeRow } from "./people-row.js";
import { choices } from "./acts.js";
import { Composer } from "./composer.js";
import { Menu } from "./menu.js";
import { makeNews, makeStanding } from "./strips.js";
import { makeTabs } from "./tabs.js";
import { Talk, tellReplies } from "./talk.js";
import { closedWords, COMPANY, inHand, readAll, unreadOf } from "./pocket.js";
import { on } from "../ground/world.js";

const OFTEN = 20_000; // ms after which what depends on the time of day is looked at again

/** Put the customers' side into its place. */
export function startPhone(root) {
  const phone = new Phone();
  const row = makeRow(draw, () => {
    draw();
    phone.focus();
  });
  const tabs = makeTabs(draw);
  root.append(row.root, tabs.root, phone.root);
  on(["phones", "view", "about", "live", "flow"], draw);
  setInterval(draw, OFTEN);
  draw();

  // Also called at once when another phone is taken up, so that nobody writes on the one before.
  function draw() {
    const hand = inHand();
    row.draw(hand);
    tabs.draw(hand);
    phone.draw(hand);
    tellReplies(hand);
  }
}

class Phone {
  #hand = null;

  constructor() {
    const attempt = (act) => this.#attempt(act);
    this.said = h("p.ph-strip.ph-said", { role: "alert", hidden: true });
    this.talk = new Talk();
    this.composer = new Composer(attempt, () => this.talk.toEnd());
    this.news = makeNews(attempt, () => this.talk.root.focus());
    this.standing = makeStanding(attempt);
    this.bar = makeBar(() => choices(this.#hand, (entry) => this.composer.beginEdit(entry)), attempt);
    this.status = makeStatus();
    this.away = h("p.ph-elsewhere", { hidden: true });
    const parts = [this.news.root, this.talk.root, this.said, this.standing.root, this.composer.root];
    this.inside = h("div.ph-inside", { onfocusin: ({ target }) => this.#read(target) }, parts);
    this.screen = h("div.ph-screen", {}, this.status.root, this.bar.root, this.away, this.inside);
    this.root = h("div.ph-phone", { id: "phone", role: "tabpanel" }, this.screen);
  }

  focus() {
    this.composer.focus();
  }

  draw(hand) {
    if (hand.place !== this.#hand?.place) this.said.hidden = true;
    this.#hand = hand;
    const { medium } = hand;
    this.root.setAttribute("aria-labelledby", `tab-${medium.key}`);
    this.screen.dataset.look = medium.key;
    this.away.textContent = closedWords(medium);
    this.away.hidden = !this.away.textContent;
    this.inside.hidden = !this.away.hidden;
    this.status.draw();
    for (const part of [this.bar, this.standing, this.talk, this.composer]) part.draw(hand);
    if (this.inside.contains(document.activeElement) && document.hasFocus()) this.#read(document.activeElement);
    this.news.draw(hand);
  }

  #read(target) {
    const { person, medium } = this.#hand;
    if (target.dataset.passes || !unreadOf(person, medium).length) return;
    this.#attempt(() => readAll(person, medium));
  }

  /** Do something that may fail, and say in words what was said against it. */
  async #attempt(act) {
    const { place } = this.#hand;
    this.said.hidden = true;
    try {
      const words = await act();
      if (words && place === this.#hand.place) this.#say(words, "calm");
    } catch (error) {
      if (place === this.#hand.place) this.#say(wordsOf(error), "bad");
    }
  }

  #say(words, tone) {
    this.said.textContent = words;
    this.said.dataset.tone = tone;
    this.said.hidden = false;
  }
}

function wordsOf(error) {
  if (error instanceof TypeError) return "Threadline does not answer just now. Nothing is lost: try again in a moment.";
  return `That did not work: ${error.message.replace(/^\w+Error: /, "")}`;
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
      ours.textContent = `${medium.ours} · ${fullName(medium)}`;
      if (seen !== place) menu.close();
      seen = place;
    },
  };
}

function makeStatus() {
  const time = h("span", {});
  const signs = [h("span.ph-signal", {}), h("span.ph-battery", {})];
  const root = h("div.ph-status", { "aria-hidden": "true" }, time, h("span.ph-signs", {}, signs));
  const form = { hour: "numeric", minute: "2-digit" };
  return { root, draw: () => (time.textContent = new Date().toLocaleTimeString([], form).replace(/\s?[AP]M$/i, "")) };
}
