// Words as the apps show them: links everywhere, WhatsApp's own few marks, and emoji alone at their full size.

import { h } from "../ground/dom.js";

// https://faq.whatsapp.com/539178204879377: a mark counts at the edge of a word, and holds no space inside its edges.
const MARKS = { "*": "strong", _: "em", "~": "s" };
const EDGE = "[\\s\\p{P}\\p{S}]";
const SPAN = new RegExp(
  `(^|${EDGE})(?:\`\`\`([^\`]+)\`\`\`|\`([^\`\\n]+)\`|([*_~])(\\S|\\S[^\\n]{0,2000}?\\S)\\4)(?=$|${EDGE})`,
  "u",
);
const MORE_THAN_MARKS = /[^\s*_~]/;
const DEEPEST = 3;
const LINE = /^(?:(> ?)|([-*] )|(\d{1,3})\. )(?=\S)/;
const FENCE = /```/g;

// All that repeats has a limit, so that no text takes longer than it is long.
const LINK = new RegExp(
  [
    "(?<![\\p{L}\\p{N}])(?<url>https?:\\/\\/[^\\s<>\"]{1,2048})",
    "(?<![\\w.+-])(?<mail>[\\w.+-]{1,64}@(?:[\\w-]{1,63}\\.){1,8}[a-z]{2,24})(?![\\w-])",
    "(?<![\\w+#/.,-])(?!\\d{4}-\\d\\d-)(?<phone>(?:\\+|\\()?\\d[\\d ().-]{6,20}\\d)(?![\\w-])",
  ].join("|"),
  "giu",
);
const NOT_ITS_END = ".,;:!?'\"*_~)]}";
const FEW_EMOJI = /^\s*(?:\p{RGI_Emoji}\s*){1,3}$/v;
const FEW = 60; // units, which hold three of the longest

/** Give the nodes of a text with its links. */
export function linked(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const [words, href] = target(found.groups);
    if (!href) continue;
    const about = { href, target: "_blank", rel: "noreferrer noopener" };
    nodes.push(text.slice(from, found.index), h("a", about, words));
    from = found.index + words.length;
  }
  return [...nodes, text.slice(from)];
}

function target({ url, mail, phone }) {
  if (url) {
    const words = withoutEnd(url);
    return [words, URL.canParse(words) ? words : ""];
  }
  if (mail) return [mail, `mailto:${mail}`];
  const digits = phone.replace(/\D/g, "");
  const whole = phone.startsWith("+") ? digits.length > 7 && digits.length < 16 : digits.length === 10 || digits.length === 11;
  return [phone, whole ? `tel:${phone.startsWith("+") ? "+" : ""}${digits}` : ""];
}

// The full stop after an address belongs to the sentence, and so does a bracket that was not opened in it.
function withoutEnd(url) {
  let over = url.split(")").length - url.split("(").length; // closed more often than opened
  let end = url.length;
  while (NOT_ITS_END.includes(url[end - 1]) && !(url[end - 1] === ")" && over <= 0)) {
    if (url[end - 1] === ")") over -= 1;
    end -= 1;
  }
  return url.slice(0, end);
}

/** Tell whether a text is an emoji or a few, which the apps show large. */
export function isEmoji(text) {
  return text.length <= FEW && FEW_EMOJI.test(text);
}

// https://core.telegram.org/bots/api#messageentity
const ENTITIES = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
  blockquote: "blockquote.ph-quote",
  text_link: "a",
};

/** Give the nodes of a text as Telegram shows it: its marks stand beside it, and count in UTF-16 units. */
export function telegramWords(text, entities) {
  const known = entities.filter(({ type }) => type in ENTITIES);
  const outer = [...known].sort((one, other) => one.offset - other.offset || other.length - one.length);
  return within(text, 0, text.length, outer);
}

function within(text, from, to, marks) {
  const nodes = [];
  let at = from;
  let rest = marks;
  while (rest.length) {
    const [mark, ...others] = rest;
    const end = Math.min(mark.offset + mark.length, to);
    const inner = others.filter(({ offset }) => offset < end);
    rest = others.filter(({ offset }) => offset >= end);
    if (mark.offset < at) continue;
    nodes.push(...linked(text.slice(at, mark.offset)));
    nodes.push(h(ENTITIES[mark.type], about(mark), mark.type === "text_link" ? text.slice(mark.offset, end) : within(text, mark.offset, end, inner)));
    at = end;
  }
  return [...nodes, ...linked(text.slice(at, to))];
}

function about({ type, url }) {
  const safe = type === "text_link" && /^https?:/i.test(url ?? "") && URL.canParse(url);
  return safe ? { href: url, target: "_blank", rel: "noreferrer noopener" } : {};
}

/** Give the nodes of a text as WhatsApp shows it. */
export function whatsAppWords(text) {
  const nodes = [];
  let rows = []; // the lines of one kind that stand together
  let kind = "";
  let inCode = false;
  for (const line of text.split("\n")) {
    const [begins, quote, bullet, number] = (!inCode && LINE.exec(line)) || [""];
    const now = quote ? "blockquote" : bullet ? "ul" : number ? "ol" : "";
    if (now !== kind) end();
    kind = now;
    rows.push({ words: line.slice(begins.length), number });
    if ((line.match(FENCE)?.length ?? 0) % 2) inCode = !inCode;
  }
  end();
  return nodes.flat();

  function end() {
    if (rows.length) nodes.push(together(kind, rows));
    rows = [];
  }
}

function together(kind, rows) {
  if (kind === "ul" || kind === "ol") {
    return h(`${kind}.ph-list`, {}, rows.map(({ words, number }) => h("li", { value: number }, marked(words))));
  }
  const nodes = marked(rows.map(({ words }) => words).join("\n"));
  return kind ? h("blockquote.ph-quote", {}, nodes) : nodes;
}

function marked(text, depth = 0) {
  const nodes = [];
  let rest = text;
  for (let found = SPAN.exec(rest); found; found = SPAN.exec(rest)) {
    const [whole, before, block, code, mark, inside] = found;
    nodes.push(...linked(rest.slice(0, found.index) + before));
    nodes.push(mark ? span(mark, inside, depth) : h("code", {}, block ?? code));
    rest = rest.slice(found.index + whole.length);
  }
  return [...nodes, ...linked(rest)];
}

function span(mark, inside, depth) {
  if (!MORE_THAN_MARKS.test(inside)) return mark + inside + mark;
  return h(MARKS[mark], {}, depth < DEEPEST ? marked(inside, depth + 1) : inside);
}
