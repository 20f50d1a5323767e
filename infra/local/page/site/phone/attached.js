// What a bubble shows beside words: pictures, sounds, films, papers, places, and the message that it answers.

import { h } from "../ground/dom.js";
import { shown } from "../ground/files.js";
import { sizeOf } from "../ground/words.js";
import { kindOf } from "./media.js";

const SHORT = 90; // characters of a message that is answered

/** Show what came with an entry; `sent` is what is known of it here. */
export function attachment(entry, kind, medium, sent) {
  if (kind === "Location") return map(entry.spot ?? sent.spot ?? entry.content);
  const there = (entry.media ?? []).filter(({ url = "" }) => url.startsWith("/"));
  const own = entry.pictures ?? sent.pictures ?? [];
  // What was drawn here need not be fetched, nor jump when it is.
  if (own.length && (!there.length || own.length === there.length)) return own.map((src) => picture(src, kind));
  if (!there.length) return chip(kind);
  const look = { picture: (src) => picture(src, kind), tile: (...about) => paper(kind, ...about) };
  return there.map((one) => shown({ ...one, url: `media/${medium.standIn}${one.url}` }, look));
}

function chip(kind) {
  return h("span.ph-chip", { dataset: { kind } }, kind);
}

function picture(src, kind) {
  const drawn = h("img.ph-picture", { src, alt: kind, onerror: () => drawn.replaceWith(chip(kind)) });
  return drawn;
}

function paper(kind, url, name, size) {
  const words = h("span.ph-paper-words", {}, h("b", { dir: "auto" }, name || kind), size ? h("span", {}, sizeOf(size)) : null);
  return h("a.ph-paper", { href: url, download: name || kind.toLowerCase() }, words);
}

/** A message in few words. */
export function shortly(entry) {
  const said = entry.text === `[${entry.type}]` ? "" : entry.text;
  if (entry.state === "deleted") return "A message that was deleted";
  const words = said || kindOf(entry) || "A message";
  return words.length > SHORT ? `${words.slice(0, SHORT)} …` : words;
}

/** Show the message that another one answers, if it is still known. */
export function quoted(entry, whose) {
  if (!entry) return null;
  return h("p.ph-quoted", {}, h("span.unseen", {}, "In reply to "), h("b", {}, whose), h("span", { dir: "auto" }, shortly(entry)));
}

/** An emoji in its colours: some are letters unless they are told otherwise. */
export function faceOf(emoji) {
  return /^\p{Emoji_Presentation}/u.test(emoji) || emoji.length > 2 ? emoji : `${emoji}\ufe0f`;
}

/** Show who reacted, and how. */
export function reactions(all, whose) {
  if (!all?.length) return null;
  const [ours, theirs] = ["customer", "us"].map((by) => all.find((one) => one.by === by)?.emoji).map((one) => one && faceOf(one));
  const said = [ours && `You reacted: ${ours}`, theirs && `${whose} reacted: ${theirs}`].filter(Boolean).join(". ");
  const faces = [...new Set([ours, theirs].filter(Boolean))].join(" ");
  return h("span.ph-reaction", {}, h("span.unseen", {}, said), h("span", { "aria-hidden": "true" }, faces));
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
