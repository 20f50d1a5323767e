// The quiet strips of a phone: what is new, and how the customer stands with the company.

import { clock, fill, h } from "../ground/dom.js";
import { fullName } from "./media.js";
import { COMPANY, readAll, standingOf, unreadOf } from "./pocket.js";
import { text, unblock } from "./acts.js";

const DAY = 86_400_000;

/** Make the strip that says what is new. */
export function makeNews(attempt, leave) {
  const words = h("span", {});
  const button = h("button.ph-strip-button", { type: "button", dataset: { passes: "true" }, onclick: read }, "Mark as read");
  const root = h("div.ph-strip.ph-news", { hidden: true }, words, button);
  let now = null;
  return {
    root,
    draw(hand) {
      now = hand;
      const count = unreadOf(hand.person, hand.medium).length;
      if (!count && root.contains(document.activeElement)) leave();
      root.hidden = !count;
      words.textContent = count === 1 ? "1 new message" : `${count} new messages`;
    },
  };

  function read() {
    attempt(() => readAll(now.person, now.medium));
  }
}

/** Make the strip that says how the customer stands with the company. */
export function makeStanding(attempt) {
  const root = h("div.ph-standings");
  let seen = "";
  return {
    root,
    draw({ person, medium, place }) {
      const standing = standingOf(person, medium);
      const said = standingWords(standing, medium);
      const look = `${place} ${said.words}`;
      if (look === seen) return;
      seen = look;
      const act = said.act && (() => attempt(() => said.act(person, medium)));
      fill(
        root,
        said.words &&
          h(
            "p.ph-strip",
            { dataset: { tone: said.tone } },
            h("span", {}, said.words),
            act && h("button.ph-strip-button", { type: "button", onclick: act }, said.button),
          ),
      );
    },
  };
}

function standingWords({ stopped, blocked, window_ends: ends }, medium) {
  if (stopped && medium.stops) {
    const words = "You texted STOP. Text START to hear from them again.";
    return { tone: "shut", words, button: "START", act: (person) => text(person, medium, "START") };
  }
  if (blocked) {
    return { tone: "shut", words: `You have blocked this company on ${fullName(medium)}.`, button: "Unblock", act: unblock };
  }
  if (!medium.hasWindow || !ends) return { words: "" };
  if (ends > Date.now()) return { tone: "open", words: `${COMPANY} may write freely until ${momentWords(ends)}.` };
  return { tone: "shut", words: "The 24-hour window is closed: only templates get through until you write again." };
}

function momentWords(at, now = Date.now()) {
  const days = Math.round((dayOf(at) - dayOf(now)) / DAY);
  if (days === 0) return `${clock(at)} today`;
  return days === 1 ? `${clock(at)} tomorrow` : new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

function dayOf(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}
