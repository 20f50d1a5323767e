// Slack's mrkdwn, drawn: https://docs.slack.dev/messaging/formatting-message-text. Every step is linear in the text.

import { h } from "../ground/dom.js";
import { emojiAt, isOnlyEmoji } from "./emoji.js";
import {
  asText,
  bareAddress,
  bareLink,
  broadcast,
  channelMention,
  dateNode,
  groupMention,
  joined,
  link,
  renderPlain,
  styled,
  userMention,
  words,
} from "./inline.js";

const TAGS = { "*": "strong", _: "em", "~": "s" };
const ATOMS = { "`": code, "<": angle, ":": named, h: bareUrl, H: bareUrl };
const ORDINARY = /[^`<:hH*_~]+/y;
const QUOTED = /^(?:&gt;|>) ?/;
const ADDRESS = /https?:\/\/(?:(?!&[lg]t;)[^\s<>|`]){1,3000}/iy;
const WORD = /[\p{L}\p{N}]/u;
const SPACE = /\s/;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/**
 * Draw a text in mrkdwn: words, quotes and code, each an element of its own.
 * `verbatim` leaves bare addresses alone; `jumbo` shows a text of nothing but emoji large.
 */
export function renderMrkdwn(text, ctx, { verbatim = false, jumbo = true } = {}) {
  const source = asText(text);
  const large = jumbo && isOnlyEmoji(source);
  const about = { ctx: ctx ?? {}, verbatim, words: large ? "span.bk-words.bk-jumbo" : "span.bk-words" };
  const parts = fences(source);
  return parts.flatMap((part, place) => {
    if (place % 2) return part.trim() ? [pre(part, about)] : [];
    const start = place > 0 && part.startsWith("\n") ? 1 : 0;
    const end = place < parts.length - 1 && part.endsWith("\n") ? part.length - 1 : part.length;
    return start < end ? paragraphs(part.slice(start, end), about) : [];
  });
}

/** Cut a text at its fences: every second part is code. */
function fences(source) {
  const parts = source.split("```");
  if (parts.length % 2) return parts;
  const open = parts.pop();
  return [...parts.slice(0, -1), `${parts.at(-1)}\`\`\`${open}`];
}

function pre(part, about) {
  return h("pre.bk-code", { dir: "auto" }, codeWords(part.replace(/^\n/, "").replace(/\n$/, ""), about));
}

/** Gather lines into words and quotes. */
function paragraphs(part, about) {
  const groups = [];
  for (const line of part.split("\n")) {
    const quoted = QUOTED.test(line);
    if (groups.at(-1)?.quoted !== quoted) groups.push({ quoted, lines: [] });
    groups.at(-1).lines.push(quoted ? line.replace(QUOTED, "") : line);
  }
  return groups.map(({ quoted, lines }) =>
    h(quoted ? "blockquote.bk-quote" : about.words, { dir: "auto" }, inLines(lines, about)),
  );
}

function inLines(lines, about) {
  return joined(lines.flatMap((line, place) => [...(place ? ["\n"] : []), ...styled(tokens(line, about), TAGS)]));
}

/** Cut one line into what is shown and what marks a style. */
function tokens(line, about) {
  const found = [];
  const at = { line, about };
  let place = 0;
  while (place < line.length) {
    ORDINARY.lastIndex = place;
    const ordinary = ORDINARY.exec(line)?.[0];
    const atom = ordinary
      ? { shown: decode(ordinary), end: place + ordinary.length }
      : ATOMS[line[place]]?.(at, place);
    if (!atom) found.push(line[place] in TAGS ? mark(line, place) : line[place]);
    else found.push(atom.shown);
    place = atom ? atom.end : place + 1;
  }
  return found;
}

function mark(line, place) {
  const one = line[place];
  const before = line[place - 1] ?? " ";
  const after = line[place + 1] ?? " ";
  return {
    mark: one,
    open: !WORD.test(before) && before !== one && !SPACE.test(after) && after !== one,
    close: !SPACE.test(before) && before !== one && !WORD.test(after) && after !== one,
  };
}

function decode(text) {
  return text.includes("&") ? text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]) : text;
}

function code(at, place) {
  if (WORD.test(at.line[place - 1] ?? " ") || at.line[place + 1] === "`") return null;
  at.ticks ??= [...at.line.matchAll(/`(?![\p{L}\p{N}])/gu)].map(({ index }) => index).reverse();
  while (at.ticks.length && at.ticks.at(-1) <= place) at.ticks.pop();
  const end = at.ticks.at(-1);
  if (end === undefined || !at.line.slice(place + 1, end).trim()) return null;
  return { shown: h("code.bk-code", {}, codeWords(at.line.slice(place + 1, end), at.about)), end: end + 1 };
}

/** Code holds no markup: what stands between angles becomes the words it stands for. */
function codeWords(text, about) {
  return decode(
    text.replace(/<([^<>\n]+)>/g, (whole, body) => {
      const node = meaning(body, about.ctx);
      return typeof node === "object" && node ? node.textContent : whole;
    }),
  );
}

function named({ line }, place) {
  return emojiAt(line, place);
}

function bareUrl({ line, about }, place) {
  if (about.verbatim || WORD.test(line[place - 1] ?? " ")) return null;
  ADDRESS.lastIndex = place;
  const found = ADDRESS.exec(line)?.[0];
  return found ? bareLink(found, place, decode) : null;
}

function angle(at, place) {
  if (at.noMoreAngles) return null;
  const end = at.line.indexOf(">", place);
  if (end < 0) {
    at.noMoreAngles = true;
    return null;
  }
  const body = at.line.slice(place + 1, end);
  return { shown: meaning(body, at.about.ctx) ?? decode(`<${body}>`), end: end + 1 };
}

/** Draw what stands between < and >, by what it begins with; null if it means nothing. */
function meaning(body, ctx) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? undefined : decode(body.slice(bar + 1)) || undefined;
  if (/^@[UWB][A-Z0-9]+$/.test(target)) return userMention(target.slice(1), label, ctx);
  if (/^#[CGD][A-Z0-9]+$/.test(target)) return channelMention(target.slice(1), label, ctx);
  if (target.startsWith("!")) return special(decode(target), label, ctx);
  const url = decode(target);
  return link(url, label ? renderPlain(label) : [bareAddress(url)]);
}

function special(target, label, ctx) {
  const [name, ...rest] = target.slice(1).split("^");
  if (["here", "channel", "everyone", "group"].includes(name)) return broadcast(name);
  if (name === "subteam" && rest[0]) return groupMention(rest[0], label, ctx);
  if (name === "date" && rest[0]) return dateNode(rest[0], rest[1], rest[2], label ?? `<${target}>`);
  return label ?? null;
}

/** Draw a text object. */
export function textNodes(object, ctx) {
  const text = words(object?.text);
  if (object.type === "mrkdwn")
    return renderMrkdwn(text, ctx, { verbatim: object.verbatim === true, jumbo: false });
  if (object.type !== "plain_text") throw new TypeError("not a text object");
  return [h("span.bk-words", { dir: "auto" }, object.emoji === false ? text : renderPlain(text))];
}

/** Draw the words of a button or an option: one line. */
export function label(object) {
  const text = words(object?.text);
  return object.emoji === false ? [text] : renderPlain(text);
}
