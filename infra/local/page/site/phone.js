// The customers' side: a row of people, the media they write on, and the phone in hand.

import { h } from "./dom.js";
import { fullName } from "./media.js";
import { makeRow } from "./peoplerow.js";
import { choices } from "./phoneacts.js";
import { makeComposer } from "./phonecomposer.js";
import { makeMenu } from "./phonemenu.js";
import { makeNews, makeStanding } from "./phonestrips.js";
import { makeTabs } from "./phonetabs.js";
import { makeTalk, tellReplies } from "./phonetalk.js";
import { closedWords, COMPANY, inHand, readAll, unreadOf } from "./pocket.js";
import { on } from "./world.js";

const OFTEN = 20_000; // ms after which what depends on the time of day is looked at again

/** Put the customers' side into its place. */
export function startPhone(root) {
  const phone = makePhone();
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

function makePhone() {
  let hand = null;
  const said = h("p.ph-strip.ph-said", { role: "alert", hidden: true });
  const talk = makeTalk();
  const composer = makeComposer(attempt, talk.toEnd);
  const news = makeNews(attempt, () => talk.root.focus());
  const standing = makeStanding(attempt);
  const bar = makeBar(() => choices(hand, composer.beginEdit), attempt);
  const away = h("p.ph-elsewhere", { hidden: true });
  const status = makeStatus();
  const inside = h("div.ph-phone-inside", {}, news.root, talk.root, said, standing.root, composer.root);
  const screen = h("div.ph-screen", {}, status.root, bar.root, away, inside);
  const root = h("div.ph-phone", { id: "phone", role: "tabpanel" }, screen);
  inside.addEventListener("focusin", read);
  return { root, draw, focus: composer.focus };

  function draw(next) {
    if (next.place !== hand?.place) hush();
    hand = next;
    const { medium } = hand;
    root.setAttribute("aria-labelledby", `tab-${medium.key}`);
    screen.dataset.look = medium.key;
    const closed = closedWords(medium);
    away.hidden = !closed;
    away.textContent = closed;
    inside.hidden = Boolean(closed);
    status.draw();
    bar.draw(hand);
    standing.draw(hand);
    talk.draw(hand);
    composer.draw(hand);
    if (inside.contains(document.activeElement) && document.hasFocus()) read({ target: document.activeElement });
    news.draw(hand);
  }

  function read({ target }) {
    if (target.dataset.passes || !unreadOf(hand.person, hand.medium).length) return;
    attempt(() => readAll(hand.person, hand.medium));
  }

  /** Do something that may fail, and say in words what was said against it. */
  async function attempt(act) {
    const { place } = hand;
    hush();
    try {
      const words = await act();
      if (words && place === hand.place) say(words, "calm");
    } catch (error) {
      if (place === hand.place) say(wordsOf(error), "bad");
    }
  }

  function say(words, tone) {
    said.textContent = words;
    said.dataset.tone = tone;
    said.hidden = false;
  }

  function hush() {
    said.hidden = true;
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
  const menu = makeMenu(dots, items, attempt);
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
