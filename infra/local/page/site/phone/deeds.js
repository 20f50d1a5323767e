// What a customer can do with a phone besides writing: block, stop, wait, edit, react, send a photo or a place.

import { pull } from "../ground/live.js";
import { fullName, HERE } from "./media.js";
import { remove } from "./people.js";
import { COMPANY, entriesOf, isMine, placeOf, standingOf } from "./pocket.js";
import { keepReaction, send } from "./send.js";

const THUMB = "👍";
const WIDTH = 320;
const HEIGHT = 220;

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

export async function photo(person, medium) {
  const picture = drawPhoto();
  const about = medium.photo(picture, person, medium.medium);
  await send(person, medium, about, { kind: "photo", picture: picture.url });
}

export async function place(person, medium) {
  await send(person, medium, medium.place(person), { kind: "location", spot: HERE });
}

async function react(person, medium) {
  const reply = entriesOf(person, medium).findLast((entry) => !isMine(entry) && entry.state !== "deleted");
  const [verb, about] = medium.react(reply.id, THUMB);
  const said = await pull(medium.standIn, verb, { who: who(person, medium), ...about });
  keepReaction(placeOf(person, medium), reply.id, THUMB);
  // Telegram tells a bot of reactions only when it has asked to be told.
  return verb === "react" && said.status === 0 ? "Your company's bot has not asked to hear of reactions." : "";
}

/** Save the changed words of a message. */
export async function edit(person, medium, entry, words) {
  await pull(medium.standIn, "edit", { who: who(person, medium), message_id: entry.id, text: words });
}

function lastOwn(person, medium) {
  return entriesOf(person, medium).findLast((entry) => isMine(entry) && (entry.type ?? "text") === "text");
}

/** What the menu of the phone offers just now: [{ words, act, off }]. */
export function choices({ person, medium }, beginEdit) {
  const { blocked, stopped, window_ends: ends } = standingOf(person, medium);
  const wrote = entriesOf(person, medium).some(isMine);
  const answered = entriesOf(person, medium).some((entry) => !isMine(entry));
  const own = lastOwn(person, medium);
  return [
    medium.edits && { words: "Edit my last message", act: () => beginEdit(own), off: !own },
    medium.react && { words: `React ${THUMB} to the last reply`, act: () => react(person, medium), off: !answered },
    medium.hasWindow && { words: "Let 25 hours pass", act: () => passADay(person, medium), off: !ends },
    medium.stops && { words: "Text STOP", act: () => text(person, medium, "STOP"), off: stopped },
    medium.stops && { words: "Text START", act: () => text(person, medium, "START"), off: !wrote },
    medium.blocks && blocked && { words: `Unblock ${COMPANY.toLowerCase()}`, act: () => unblock(person, medium) },
    medium.blocks && !blocked && { words: `Block ${COMPANY.toLowerCase()}`, act: () => block(person, medium), off: !wrote },
    person.added && { words: `Remove ${person.name} from the customers`, act: () => remove(person) },
  ].filter(Boolean);
}

/** What can be sent besides words: [{ words, act }]. */
export function attachments({ person, medium }) {
  return [
    medium.photo && { words: "Send a photo", act: () => photo(person, medium) },
    medium.place && { words: "Send my location", act: () => place(person, medium) },
  ].filter(Boolean);
}

/** Say why nothing can be written just now, "" if it can. */
export function mayNotWrite(person, medium) {
  return standingOf(person, medium).blocked ? `Unblock them to write on ${fullName(medium)}.` : "";
}

// A small landscape, drawn anew each time, since this page brings no pictures along.
function drawPhoto() {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  const hue = Math.floor(Math.random() * 360);
  sky(pen, hue);
  for (const [step, base] of [0.52, 0.66, 0.8].entries()) hills(pen, hue, step, base * HEIGHT);
  const url = canvas.toDataURL("image/png");
  return { url, data: url.slice(url.indexOf(",") + 1), width: WIDTH, height: HEIGHT };
}

function sky(pen, hue) {
  const light = pen.createLinearGradient(0, 0, 0, HEIGHT);
  light.addColorStop(0, `hsl(${hue} 45% 78%)`);
  light.addColorStop(1, `hsl(${(hue + 50) % 360} 70% 92%)`);
  pen.fillStyle = light;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = `hsl(${(hue + 40) % 360} 90% 96%)`;
  pen.beginPath();
  pen.arc(80 + Math.random() * 160, 60, 22, 0, 2 * Math.PI);
  pen.fill();
}

function hills(pen, hue, step, base) {
  const shift = Math.random() * 9;
  pen.fillStyle = `hsl(${hue} ${30 + step * 6}% ${58 - step * 15}%)`;
  pen.beginPath();
  pen.moveTo(0, HEIGHT);
  for (let x = 0; x <= WIDTH; x += 4) pen.lineTo(x, base + 16 * Math.sin(x / 48 + shift) + 7 * Math.sin(x / 17 + shift));
  pen.lineTo(WIDTH, HEIGHT);
  pen.fill();
}
