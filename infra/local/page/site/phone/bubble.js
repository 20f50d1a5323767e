// One line of the conversation: what was said, when, and on the customer's own messages what became of it.

import { h } from "../ground/dom.js";
import { clock, dayName } from "../ground/words.js";
import { on } from "../ground/world.js";
import { attachment, quoted, reactions, shortly } from "./attached.js";
import { isEmoji, linked, telegramWords, whatsAppWords } from "./marks.js";
import { kindOf } from "./media.js";
import { Menu } from "./menu.js";
import { COMPANY } from "./pocket.js";
import { sentAs } from "./send.js";

const LONG = 1500; // units; what is longer is folded, with everything still in it
const FATES = {
  waiting: "not yet delivered",
  sent: "sent",
  again: "could not be handed over, is tried again",
  taken: "delivered",
  read: "read",
  refused: "could not be handed over",
};
const BELOW = { waiting: "Sending …", sent: "Sent", taken: "Delivered", read: "Read" };

const unfolded = new Set(); // "place id" of the long messages that were opened

on(["begin"], () => unfolded.clear());

/** Make the line that shows an entry; `about` is { mine, fate, joined, fresh, last, place, medium, answered, choices, attempt }. */
export function bubble(entry, about) {
  const { mine, fate, joined, medium, answered } = about;
  const gone = entry.state === "deleted";
  const said = h(
    "div.ph-bubble",
    {},
    h("span.unseen", {}, spoken(entry, about)),
    !gone && quoted(answered, answered?.direction === "to_customer" ? COMPANY : "You"),
    ...body(entry, about),
    !medium.bare && h("span.ph-meta", { "aria-hidden": "true" }, entry.edited ? "edited " : "", time(entry), mine && ticks(fate)),
    !gone && reactions(entry.reactions, COMPANY),
  );
  return h(
    `li.ph-line.ph-${mine ? "mine" : "theirs"}${joined ? ".ph-joined" : ""}`,
    {},
    h("div.ph-row", {}, said, menu(entry, about)),
    mine && fateWords(about),
  );
}

// What cannot be done on a medium at all has no button.
function menu(entry, { place, choices, attempt }) {
  if (!choices().length) return null;
  const label = `What to do with: ${shortly(entry)}`;
  const about = { type: "button", "aria-label": label, title: "Answer, react …", tabindex: "-1" };
  const dots = h("button.ph-act", { ...about, dataset: { key: `act ${place} ${entry.id}` } }, "⋯");
  return new Menu(dots, choices, attempt).root;
}

/** Make the mark of a new day, with the time where the bubbles have none. */
export function dayMark(at, { bare }) {
  return h("li.ph-day", {}, h("span", {}, bare ? `${dayName(at)} ${clock(at)}` : dayName(at)));
}

/** Make the mark above what is new. */
export function newMark() {
  return h("li.ph-day.ph-new", {}, h("span", {}, "New messages"));
}

function time({ at }) {
  return at ? clock(at) : "";
}

function spoken(entry, { mine, fate, fresh }) {
  const parts = [mine ? "You" : COMPANY, time(entry), mine && FATES[fate], fresh && "new", entry.edited && "edited"];
  return `${parts.filter(Boolean).join(", ")}: `;
}

function body(entry, { medium, place }) {
  if (entry.state === "deleted") return [h("span.ph-words.ph-gone", {}, "This message was deleted.")];
  const sent = sentAs(place, entry);
  const said = entry.text === `[${entry.type}]` ? "" : entry.text;
  const kind = kindOf(entry) || kindOf({ type: sent.kind }) || (said ? "" : "Without words");
  return [
    kind && attachment(entry, kind, medium, sent),
    said && words(`${place} ${entry.id ?? entry.key}`, said, medium, entry.entities),
  ];
}

function words(name, text, { medium }, entities = []) {
  const nodes = medium === "whatsapp" ? whatsAppWords(text) : entities.length ? telegramWords(text, entities) : linked(text);
  const place = h(`div.ph-words${isEmoji(text) ? ".ph-large" : ""}`, { dir: "auto" }, nodes);
  if (text.length <= LONG || unfolded.has(name)) return place;
  place.classList.add("ph-folded");
  const more = h("button.ph-more", { type: "button", dataset: { key: `more ${name}` }, onclick: unfold }, "Read more");
  return [place, more];

  function unfold() {
    unfolded.add(name);
    place.classList.remove("ph-folded");
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    more.remove();
  }
}

function ticks(fate) {
  return h("span.ph-ticks", { dataset: { fate } }, { sent: "✓", taken: "✓✓", read: "✓✓", again: "!", refused: "!" }[fate]);
}

function fateWords({ fate, medium, last }) {
  const name = medium.provider === "Bot API" ? "Telegram" : medium.provider;
  const lead = medium.bare ? "Not delivered: " : "";
  if (fate === "again") return h("p.ph-fate", {}, `${lead}${name} could not hand it over; it tries again.`);
  if (fate === "refused") return h("p.ph-fate", {}, `${lead}${name} could not hand it over, and does not try again.`);
  return medium.bare && last && h("p.ph-below", { "aria-hidden": "true" }, BELOW[fate]);
}
