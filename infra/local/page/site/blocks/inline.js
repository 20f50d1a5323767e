// What stands in a line wherever Slack shows words: links, mentions, styles, and what shows as itself.

import { h } from "../ground/dom.js";
import { withEmoji } from "./emoji.js";

export const LONGEST_ADDRESS = 3000;

const AFTER_ADDRESS = ".,!?;:'\"*_~";
const SHOWN_AT_MOST = 100_000;
const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

/** Give a text's characters, whatever it is: people write numbers and nothing where a text belongs. */
export function asText(value) {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? asJson(value) : String(value);
}

/** Show plain words with their :emoji:. */
export function renderPlain(text) {
  return withEmoji(asText(text)).map((part) => (typeof part === "string" ? document.createTextNode(part) : part));
}

export function isSafe(url) {
  return typeof url === "string" && URL.canParse(url) && SAFE.has(new URL(url).protocol);
}

/** Make a link around these; null if the address is none that may be followed. */
export function link(url, children) {
  if (!isSafe(url)) return null;
  return h("a.bk-link", { href: url, target: "_blank", rel: "noreferrer noopener" }, children);
}

/** Cut off whatever stands at the end out of these characters; a regular expression would be slow on many. */
export function withoutTail(text, characters) {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** Link an address that stands in a text on its own; one too long for Slack is text. */
export function bareLink(found, place, read = (text) => text) {
  if (found.length >= LONGEST_ADDRESS) return { shown: read(found), end: place + found.length };
  const cut = withoutTail(found, AFTER_ADDRESS);
  const whole = cut.includes("(") ? cut : withoutTail(cut, `${AFTER_ADDRESS})`);
  const shown = link(read(whole), [read(whole)]);
  return shown && { shown, end: place + whole.length };
}

/** Write an address as people read it. */
export function bareAddress(url) {
  return url.replace(/^(?:mailto|tel):/i, "");
}

export function userMention(id, label, ctx) {
  const name = nameOf(ctx.user?.(id)) ?? label ?? id;
  return chip(`@${name}`, id === ctx.me);
}

export function nameOf(user) {
  return user?.profile?.display_name || user?.real_name || user?.name || null;
}

export function channelMention(id, label, ctx) {
  return chip(`#${ctx.channel?.(id)?.name || label || id}`, false);
}

export function groupMention(id, label, ctx) {
  const name = ctx.usergroup?.(id)?.handle ?? label ?? id;
  return chip(`@${name.replace(/^@/, "")}`, false);
}

export function broadcast(range) {
  return chip(`@${range}`, true);
}

function chip(words, mine) {
  return h(mine ? "span.bk-mention.bk-mine" : "span.bk-mention", { dir: "auto" }, words);
}

/**
 * Put elements around what stands between matching marks. A token is something to show, or
 * {mark, open, close}: whether it may open and may close. Marks of one kind never nest, so nothing gets deep.
 */
export function styled(tokens, tags) {
  const ends = pairs(tokens);
  const places = [{ children: [] }];
  tokens.forEach((token, place) => {
    const inside = places.at(-1);
    if (inside.end === place) {
      places.pop();
      places.at(-1).children.push(h(tags[token.mark], {}, joined(inside.children)));
    } else if (ends.has(place)) places.push({ children: [], end: ends.get(place) });
    else inside.children.push(token.mark ?? token);
  });
  return places[0].children;
}

function pairs(tokens) {
  const ends = new Map();
  const opened = new Map();
  tokens.forEach(({ mark, open, close }, place) => {
    if (!mark) return;
    const start = opened.get(mark);
    if (close && start !== undefined) {
      ends.set(start, place);
      for (const [other, where] of opened) if (where >= start) opened.delete(other);
    } else if (open) opened.set(mark, place);
  });
  return ends;
}

/** Make one of texts that are neighbours. */
export function joined(children) {
  const all = [];
  for (const child of children) {
    if (typeof child === "string" && typeof all.at(-1) === "string") all.push(all.pop() + child);
    else all.push(child);
  }
  return all;
}

/** Show what is not known as itself: folded, with everything that came. */
export function itself(thing, kind = "block") {
  const type = typeof thing?.type === "string" ? thing.type.slice(0, 80) : "without a type";
  return h(
    "details.bk-itself",
    {},
    h("summary", {}, `An unknown ${kind}: ${type}`),
    h("pre.bk-code", {}, asJson(thing)),
  );
}

function asJson(thing) {
  try {
    return (JSON.stringify(thing, null, 2) ?? String(thing)).slice(0, SHOWN_AT_MOST);
  } catch {
    return "(too deep to show)";
  }
}
