// One bubble: what was said, when, and on the customer's own messages what became of it.

import { clock, h } from "../ground/dom.js";
import { kindOf } from "./media.js";
import { COMPANY } from "./pocket.js";
import { sentAs } from "./send.js";
import { whatsAppWords } from "./words.js";

const LONG = 1500; // units; what is longer is folded, with everything still in it
const FATES = {
  waiting: "not yet taken",
  sent: "sent",
  again: "could not be handed over, is tried again",
  taken: "taken",
  read: "read",
  refused: "could not be handed over",
};

const unfolded = new Set();

/** Make the line of the conversation that shows an entry; `about` is { mine, fate, joined, fresh, reaction, medium }. */
export function bubble(entry, about) {
  const { mine, fate, joined, fresh } = about;
  return h(
    `li.ph-line.ph-${mine ? "mine" : "theirs"}${joined ? ".ph-joined" : ""}${fresh ? ".ph-fresh" : ""}`,
    {},
    h(
      "div.ph-bubble",
      {},
      h("span.unseen", {}, spoken(entry, about)),
      ...body(entry, about.medium),
      h("span.ph-meta", { "aria-hidden": "true" }, entry.edited ? "edited " : "", time(entry), mine && ticks(fate)),
      about.reaction && h("span.ph-reaction", {}, h("span.unseen", {}, "You reacted: "), about.reaction),
    ),
    mine && fateWords(fate, about.medium),
  );
}

/** Make the line that tells of a reaction, which is no message of its own on a phone. */
export function reactionLine(entry, { fate, medium }) {
  const told = entry.text && entry.text !== "[reaction]" ? `You reacted ${entry.text}` : "You took your reaction back";
  return h("li.ph-day", {}, h("span", {}, `${told} · ${time(entry)}`), fateWords(fate, medium));
}

/** Make the mark of a new day. */
export function dayMark(at) {
  return h("li.ph-day", {}, h("span", {}, dayWords(at)));
}

export function dayWords(at, now = new Date()) {
  const day = new Date(at);
  const ago = Math.round((midnight(now) - midnight(day)) / 86_400_000);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  return day.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function time({ at }) {
  return at ? clock(at) : "";
}

function spoken(entry, { mine, fate, fresh }) {
  const parts = [mine ? "You" : COMPANY, time(entry), mine && FATES[fate], fresh && "new", entry.edited && "edited"];
  return `${parts.filter(Boolean).join(", ")}: `;
}

function body(entry, medium) {
  if (entry.state === "deleted") return [h("span.ph-words.ph-gone", {}, "This message was deleted.")];
  const said = entry.text === `[${entry.type}]` ? "" : entry.text;
  const kind = kindOf(entry) || kindOf({ type: sentAs(entry).kind }) || (said ? "" : "Without words");
  return [kind && attachment(entry, kind, medium), said && words(entry.id ?? entry.key, said, medium)];
}

function words(id, text, { medium }) {
  const place = h("div.ph-words", { dir: "auto" }, medium === "whatsapp" ? whatsAppWords(text) : text);
  if (text.length <= LONG || unfolded.has(id)) return place;
  place.classList.add("ph-folded");
  const more = h("button.ph-more", { type: "button", dataset: { key: `more ${id}` }, onclick: unfold }, "Read more");
  return [place, more];

  function unfold() {
    unfolded.add(id);
    place.classList.remove("ph-folded");
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    more.remove();
  }
}

function attachment(entry, kind, medium) {
  const own = entry.picture || sentAs(entry).picture;
  const sources = own ? [own] : shownPictures(entry, medium);
  const chip = () => h("span.ph-chip", { dataset: { kind } }, kind);
  if (!sources.length) return chip();
  return sources.map((src) => {
    const picture = h("img.ph-picture", { src, alt: kind, onerror: () => picture.replaceWith(chip()) });
    return picture;
  });
}

function shownPictures({ media = [] }, { standIn }) {
  const pictures = media.filter(({ kind = "", url = "" }) => kind.startsWith("image/") && url.startsWith("/"));
  return pictures.map(({ url }) => `media/${standIn}${url}`);
}

function ticks(fate) {
  return h("span.ph-ticks", { dataset: { fate } }, { sent: "✓", taken: "✓✓", read: "✓✓", again: "!", refused: "!" }[fate]);
}

function fateWords(fate, { provider }) {
  const name = provider === "Bot API" ? "Telegram" : provider;
  if (fate === "again") return h("p.ph-fate", {}, `${name} could not hand it over; it tries again.`);
  if (fate === "refused") return h("p.ph-fate", {}, `${name} could not hand it over, and does not try again.`);
  return null;
}
