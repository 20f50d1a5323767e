// What a customer can do with a phone besides writing: block, stop, wait, edit, delete, react, send files or a place.

import { pull } from "../ground/live.js";
import { faceOf } from "./attached.js";
import { fullName, HERE, kindOf } from "./media.js";
import { remove as forget } from "./people.js";
import { COMPANY, entriesOf, isMine, standingOf } from "./pocket.js";
import { drawPhoto, recordVoice } from "./samples.js";
import { send } from "./send.js";

const FACES = ["👍", "❤", "😢", "🙏"];
const [THUMB] = FACES;
const MOST_IN_ALBUM = 10;
const PICTURES = 3; // of the album that is at hand

function who(person, { standIn }) {
  return person.addresses[standIn];
}

/** Text a word, as the buttons of the strips do. */
export async function text(person, medium, words) {
  await send(person, medium, medium.words(words, person, medium.medium), { text: words });
}

export async function unblock(person, medium) {
  await pull(medium.standIn, "unblock", { who: who(person, medium) });
}

async function block(person, medium) {
  const which = medium.standIn === "twilio" ? { medium: medium.medium } : {};
  await pull(medium.standIn, "block", { who: who(person, medium), ...which });
}

async function passADay(person, medium) {
  await pull(medium.standIn, "close_window", { who: who(person, medium) });
}

/** Send files, with words: as one message where that medium can, else one after the other with the words on the first. */
export async function files(person, medium, all, words = "") {
  const [several, verb] = medium.album && all.length > 1 ? [MOST_IN_ALBUM, "album"] : [medium.several ?? 1, "write"];
  const makes = verb === "album" ? medium.album : medium.files;
  if (words && medium.mutes?.(all[0])) {
    await text(person, medium, words);
    words = "";
  }
  for (let from = 0; from < all.length; from += several) {
    const some = all.slice(from, from + several);
    const text = from ? "" : words;
    const about = makes(some, text, person, medium.medium);
    await send(person, medium, about, { text, kind: kindOf({ media: some }) || "file", pictures: picturesOf(some), verb });
  }
}

function picturesOf(some) {
  return some.map(({ picture }) => picture).filter(Boolean);
}

export async function place(person, medium) {
  await send(person, medium, medium.place(person), { kind: "location", spot: HERE });
}

async function react(person, medium, entry, emoji) {
  const said = await pull(medium.standIn, "react", { who: who(person, medium), message_id: entry.id, emoji });
  // Telegram tells a bot of reactions only when it has asked to be told.
  return said.status === 0 ? "Your company's bot has not asked to hear of reactions." : "";
}

async function remove(person, medium, entry) {
  await pull(medium.standIn, "delete", { who: who(person, medium), message_id: entry.id });
  return medium.standIn === "telegram" ? "Deleted. Telegram tells no bot of that." : "";
}

/** Save the changed words of a message. */
export async function edit(person, medium, entry, words) {
  await pull(medium.standIn, "edit", { who: who(person, medium), message_id: entry.id, text: words });
}

/** What can be done with one message: [{ words, act, sign }]; `begin(what, entry)` begins to write about it. */
export function choicesFor({ person, medium }, entry, begin) {
  if (!entry.id || entry.state === "deleted") return [];
  const mine = isMine(entry);
  const now = entry.reactions?.find(({ by }) => by === "customer")?.emoji;
  const reacts = medium.reacts ? FACES.filter((emoji) => emoji !== now) : [];
  return [
    ...reacts.map((emoji) => ({ words: `React ${faceOf(emoji)}`, sign: faceOf(emoji), act: () => react(person, medium, entry, emoji) })),
    medium.reacts && now && { words: `Take ${faceOf(now)} back`, act: () => react(person, medium, entry, "") },
    medium.replies && { words: "Reply", act: () => begin("reply", entry) },
    medium.edits && mine && isWords(entry) && { words: "Edit", act: () => begin("edit", entry) },
    medium.deletes && mine && { words: "Delete", act: () => remove(person, medium, entry) },
  ].filter(Boolean);
}

function isWords(entry) {
  return (entry.type ?? "text") === "text" || entry.text !== `[${entry.type}]`;
}

function lastOwn(person, medium) {
  return entriesOf(person, medium).findLast((entry) => isMine(entry) && isWords(entry) && entry.state !== "deleted");
}

/** What the menu of the phone offers just now: [{ words, act, off }]. */
export function choices({ person, medium }, begin) {
  const { blocked, stopped, window_ends: ends } = standingOf(person, medium);
  const wrote = entriesOf(person, medium).some(isMine);
  const answer = entriesOf(person, medium).findLast((entry) => !isMine(entry) && entry.state !== "deleted");
  const own = lastOwn(person, medium);
  return [
    medium.edits && { words: "Edit my last message", act: () => begin("edit", own), off: !own },
    medium.reacts && { words: `React ${THUMB} to the last reply`, act: () => react(person, medium, answer, THUMB), off: !answer },
    medium.hasWindow && { words: "Let 25 hours pass", act: () => passADay(person, medium), off: !ends },
    medium.stops && { words: "Text STOP", act: () => text(person, medium, "STOP"), off: stopped },
    medium.stops && { words: "Text START", act: () => text(person, medium, "START"), off: !wrote },
    medium.blocks && blocked && { words: `Unblock ${COMPANY.toLowerCase()}`, act: () => unblock(person, medium) },
    medium.blocks && !blocked && { words: `Block ${COMPANY.toLowerCase()}`, act: () => block(person, medium), off: !wrote },
    person.added && { words: `Remove ${person.name} from the customers`, act: () => forget(person) },
  ].filter(Boolean);
}

/** What can be sent besides words: [{ words, act }]; `give(files)` sends them, `pick()` opens what is on this machine. */
export function attachments({ person, medium }, give, pick) {
  return [
    { words: "Send a photo", act: () => give([drawPhoto()]) },
    { words: `Send ${PICTURES} photos`, act: () => give(Array.from({ length: PICTURES }, drawPhoto)) },
    { words: "Send a voice message", act: () => give([recordVoice()]) },
    { words: "Send files …", act: pick },
    medium.place && { words: "Send my location", act: () => place(person, medium) },
  ].filter(Boolean);
}

/** Say why nothing can be written just now, "" if it can. */
export function mayNotWrite(person, medium) {
  return standingOf(person, medium).blocked ? `Unblock them to write on ${fullName(medium)}.` : "";
}
