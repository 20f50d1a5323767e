// A rich_text block, drawn: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

import { h } from "../ground/dom.js";
import { emoji, fromCodes, glyph, isOnlyEmoji } from "./emoji.js";
import {
  asText,
  bareAddress,
  broadcast,
  channelMention,
  dateNode,
  groupMention,
  joined,
  itself,
  link,
  userMention,
} from "./inline.js";

const DEEPEST = 8;
const STYLES = {
  highlight: "mark",
  underline: "u",
  strike: "s",
  italic: "em",
  bold: "strong",
  code: "code.bk-code",
};

const CONTAINERS = {
  rich_text_section: (part, ctx) => line("div.bk-words", part, ctx),
  rich_text_quote: (part, ctx) => line("blockquote.bk-quote", part, ctx),
  rich_text_preformatted: preformatted,
};

const INLINE = {
  text: ({ text }) => asText(text),
  link: ({ url, text }) => link(url, [asText(text) || bareAddress(url)]) ?? asText(text || url),
  emoji: drawnEmoji,
  user: ({ user_id: id }, ctx) => userMention(asText(id), undefined, ctx),
  usergroup: ({ usergroup_id: id }, ctx) => groupMention(asText(id), undefined, ctx),
  channel: ({ channel_id: id }, ctx) => channelMention(asText(id), undefined, ctx),
  team: ({ team_id: id }, ctx) => groupMention(asText(ctx.team?.(id)?.name ?? id), undefined, ctx),
  broadcast: ({ range }) => broadcast(asText(range)),
  date: ({ timestamp, format, url, fallback }) => dateNode(timestamp, format, url, asText(fallback ?? timestamp)),
  color: ({ value }) => color(asText(value)),
};

/** Draw a rich_text block; `jumbo` shows one of nothing but emoji large. */
export function renderRichText(block, ctx, { jumbo = false } = {}) {
  const parts = Array.isArray(block.elements) ? block.elements : [];
  const place = h("div.bk-rich");
  const lists = [];
  for (const part of parts) {
    if (part?.type === "rich_text_list" && Array.isArray(part.elements)) addList(place, lists, part, ctx);
    else {
      lists.length = 0;
      place.append(container(part, ctx));
    }
  }
  if (jumbo && parts.length === 1 && isOnlyEmoji(emojiWords(parts[0])))
    place.firstElementChild.classList.add("bk-jumbo");
  return place;
}

function container(part, ctx) {
  const draw = Object.hasOwn(CONTAINERS, String(part?.type)) && Array.isArray(part.elements);
  return draw ? CONTAINERS[part.type](part, ctx) : itself(part, "part of a rich text");
}

function line(spec, { elements, border }, ctx) {
  const around = border ? `${spec}.bk-bordered` : spec;
  return h(around, { dir: "auto" }, joined(elements.flatMap((element) => inline(element, ctx))));
}

function preformatted({ elements, language }, ctx) {
  const words = elements.map((element) => inlineWords(element, ctx)).join("");
  const named = typeof language === "string" && language ? { dataset: { language } } : {};
  return h("pre.bk-code", { dir: "auto", ...named }, words);
}

function inlineWords(element, ctx) {
  return [inline(element, ctx)]
    .flat()
    .map((shown) => shown.textContent ?? shown)
    .join("");
}

/** Put a list where its indent says: into the last entry of the list before it, or beside it. */
function addList(place, lists, part, ctx) {
  const indent = Math.min(Math.max(Math.trunc(Number(part.indent) || 0), 0), DEEPEST);
  while (lists.length && lists.at(-1).indent >= indent) lists.pop();
  const above = lists.at(-1);
  const list = drawList(part, indent, indent - (above ? above.indent + 1 : 0), ctx);
  (above?.list.lastElementChild ?? place).append(list);
  lists.push({ indent, list });
}

function drawList(part, indent, skipped, ctx) {
  const ordered = part.style === "ordered";
  const offset = Math.trunc(Number(part.offset) || 0);
  const spec = `${ordered ? "ol" : "ul"}.bk-list.bk-level-${indent % 3}${part.border ? ".bk-bordered" : ""}`;
  const about = ordered && offset > 0 ? { start: offset + 1 } : {};
  const items = part.elements.map((item) => h("li", { dir: "auto" }, container(item, ctx)));
  return h(spec, { ...about, vars: skipped > 0 ? { "--skipped": String(skipped) } : {} }, items);
}

function inline(element, ctx) {
  const known = Object.hasOwn(INLINE, String(element?.type));
  const shown = known ? INLINE[element.type](element, ctx) : unknownWords(element);
  const wanted = element?.style && typeof element.style === "object" ? element.style : {};
  const specs = Object.keys(STYLES).filter((name) => wanted[name] === true);
  if (wanted.client_highlight === true && !wanted.highlight) specs.unshift("highlight");
  if (!specs.length) return shown;
  return specs.reduceRight((inside, name) => h(STYLES[name], {}, inside), shown);
}

/** An inline kind nobody told us of still has words of its own. */
function unknownWords(element) {
  if (element === null || typeof element !== "object") return asText(element);
  const { text, label, name, title, url, fallback, type } = element;
  const own = [text, label, name, title, url, fallback].find((words) => typeof words === "string" && words);
  return own ?? (typeof type === "string" ? `[${type}]` : asText(element));
}

function drawnEmoji({ name, unicode, skin_tone: tone }) {
  const full = tone ? `${asText(name)}::skin-tone-${tone}` : asText(name);
  return emoji(full, fromCodes(unicode) ?? glyph(full));
}

function color(value) {
  if (!/^#[0-9a-f]{3,8}$/i.test(value)) return value;
  return h(
    "span.bk-color",
    {},
    h("span.bk-swatch", { "aria-hidden": "true", vars: { "--swatch": value } }),
    value,
  );
}

/** The words of a section that may be nothing but emoji. */
function emojiWords(part) {
  if (part?.type !== "rich_text_section" || !Array.isArray(part.elements)) return "";
  const words = part.elements.map((element) => {
    if (element?.type === "emoji") return fromCodes(element.unicode) ?? glyph(asText(element.name)) ?? "x";
    return element?.type === "text" ? asText(element.text) : "x";
  });
  return words.join("");
}
