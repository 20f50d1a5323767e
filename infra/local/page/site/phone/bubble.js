// One line of the conversation: what was said, when, and on the customer's own messages what became of it.

import { h } from "../ground/dom.js";
import { clock, dayName } from "../ground/words.js";
import { on } from "../ground/world.js";
import { isEmoji, linked, telegramWords, whatsAppWords } from "./marks.js";
import { kindOf } from "./media.js";
import { COMPANY } from "./pocket.js";
import { reactionTo, sentAs } from "./send.js";

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

/** Make the line that shows an entry; `about` is { mine, fate, joined, fresh, last, place, medium }. */
export function bubble(entry, about) {
  const { mine, fate, joined, medium } = about;
  const reaction = reactionTo(about.place, entry);
  return h(
    `li.ph-line.ph-${mine ? "mine" : "theirs"}${joined ? ".ph-joined" : ""}`,
    {},
    h(
      "div.ph-bubble",
      {},
      h("span.unseen", {}, spoken(entry, about)),
      ...body(entry, about),
      !medium.bare && h("span.ph-meta", { "aria-hidden": "true" }, entry.edited ? "edited " : "", time(entry), mine && ticks(fate)),
      reaction && h("span.ph-reaction", {}, h("span.unseen", {}, "You reacted: "), reaction),
    ),
    mine && fateWords(about),
  );
}

/** Make the line that tells of a reaction, which is no message of its own on a phone. */
export function reactionLine(entry, about) {
  const told = entry.text && entry.text !== "[reaction]" ? `You reacted ${entry.text}` : "You took your reaction back";
  return h("li.ph-day", {}, h("span", {}, `${told} · ${time(entry)}`), fateWords(about));
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

function attachment(entry, kind, medium, sent) {
  const own = entry.picture || sent.picture;
  const sources = own ? [own] : shownPictures(entry, medium);
  const chip = () => h("span.ph-chip", { dataset: { kind } }, kind);
  if (kind === "Location") return map(entry.spot ?? sent.spot ?? entry.content);
  if (!sources.length) return chip();
  return sources.map((src) => {
    const picture = h("img.ph-picture", { src, alt: kind, onerror: () => picture.replaceWith(chip()) });
    return picture;
  });
}

// Drawn, for to fetch a real one would tell somebody.
function map(spot) {
  const { latitude, longitude } = spot ?? {};
  const at = spot && `${degrees(latitude, "N", "S")}, ${degrees(longitude, "E", "W")}`;
  return h(
    "div.ph-place",
    {},
    h("div.ph-map", { "aria-hidden": "true" }, h("span.ph-pin", {})),
    h("p.ph-place-words", {}, h("b", {}, "Location"), at && h("span", {}, at)),
  );
}

function degrees(number, above, below) {
  return `${Math.abs(number).toFixed(4)}° ${number < 0 ? below : above}`;
}

function shownPictures({ media = [] }, { standIn }) {
  const pictures = media.filter(({ kind = "", url = "" }) => kind.startsWith("image/") && url.startsWith("/"));
  return pictures.map(({ url }) => `media/${standIn}${url}`);
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
