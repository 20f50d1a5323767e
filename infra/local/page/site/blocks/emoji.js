// Emoji by the names Slack gives them.

import { h } from "../ground/dom.js";
import { world } from "../ground/world.js";

const NAMED = /:([a-z0-9_+'-]{1,100})(?::(:skin-tone-[2-6]))?:/g;
const NAMED_HERE = new RegExp(NAMED.source, "y");
const DRAWN = /\p{RGI_Emoji}/gv;
const LETTERS = /[a-z]{2}/i;
const MODIFIABLE = /^\p{Emoji_Modifier_Base}$/u;
const LIGHTEST_TONE = 0x1f3fb;
const JUMBO_AT_MOST = 23;

/** Give the character of an emoji's name, "wave" or "wave::skin-tone-3", or null where there is none. */
export function glyph(name) {
  const [base, tone] = String(name).split("::skin-tone-");
  const found = Object.hasOwn(world.emoji, base) ? world.emoji[base] : null;
  if (typeof found !== "string" || !found) return null;
  return tone ? toned(found, Number(tone)) : found;
}

function toned(drawn, tone) {
  const [first, ...rest] = drawn;
  if (!MODIFIABLE.test(first) || !(tone >= 2 && tone <= 6)) return drawn;
  if (rest[0] === "\ufe0f") rest.shift();
  return [first, String.fromCodePoint(LIGHTEST_TONE + tone - 2), ...rest].join("");
}

/** Read code points as Slack writes them, "1f44b-1f3fc"; null if they are none. */
export function fromCodes(codes) {
  if (typeof codes !== "string" || !/^[0-9a-f]{2,6}(-[0-9a-f]{2,6}){0,15}$/i.test(codes)) return null;
  const points = codes.split("-").map((code) => parseInt(code, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}

/** Draw an emoji; one that has no character shows its name between colons. */
export function emoji(name, drawn = glyph(name)) {
  if (!drawn) return `:${name}:`;
  const spoken = name.replace("::", ", ").replaceAll("_", " ");
  return h("span.bk-emoji", { role: "img", "aria-label": spoken, title: `:${name}:` }, drawn);
}

/** Draw the emoji named at a place of a text: { shown, end }, or null where none is, as in 10:30:45. */
export function emojiAt(text, place) {
  NAMED_HERE.lastIndex = place;
  const [whole, base, tone] = NAMED_HERE.exec(text) ?? [];
  const name = base && base + (tone ? `:${tone}` : "");
  return name && glyph(name) ? { shown: emoji(name), end: place + whole.length } : null;
}

/** Put the emoji named in a text in their place; what no emoji is called stays as it is. */
export function withEmoji(text) {
  const found = [];
  let done = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", Math.max(at + 1, done))) {
    const named = emojiAt(text, at);
    if (!named) continue;
    found.push(text.slice(done, at), named.shown);
    done = named.end;
  }
  return [...found, text.slice(done)].filter((part) => part !== "");
}

/** Tell whether a text is nothing but a few emoji: Slack shows those large. */
export function isOnlyEmoji(text) {
  if (text.length > 1000 || !text.trim()) return false;
  let count = 0;
  const counted = (drawn) => (drawn ? ((count += 1), "") : "x");
  const rest = text.replace(NAMED, (_, base, tone) => counted(glyph(base + (tone ? `:${tone}` : ""))));
  if (LETTERS.test(rest)) return false; // almost every text, and far sooner than DRAWN would tell
  return !rest.replace(DRAWN, counted).trim() && count <= JUMBO_AT_MOST;
}
