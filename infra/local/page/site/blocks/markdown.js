// Standard markdown as Slack's markdown block takes it: https://docs.slack.dev/reference/block-kit/blocks/markdown-block

import { h } from "../ground/dom.js";
import { emojiAt } from "./emoji.js";
import { bareLink, joined, link, styled, withoutTail } from "./inline.js";

const DEEPEST = 8;
const FENCE = /^ {0,3}(`{3,}|~{3,}) *([\w+-]{0,40})/;
const HEADING = /^ {0,3}(#{1,6}) +(.*)$/;
const RULE = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
const QUOTED = /^ {0,3}> ?/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)]) +(.*)$/;
const TASK = /^\[([ xX])\] +(.*)$/;
const DELIMITER = /^:?-+:?$/;
const TAGS = { "***": "strong.bk-both", "**": "strong", __: "strong", "*": "em", _: "em", "~~": "s" };
const ORDINARY = /[^\\`*_~![<:h]+/y;
const LINKED = /!?\[([^[\]\n]{0,1000})\]\(((?:[^\s()<>]|\([^\s()<>]{0,500}\)){1,3000})(?: "[^"\n]{0,300}")?\)/y;
const ANGLED = /<((?:https?:\/\/|mailto:)[^\s<>]{1,3000})>/y;
const BARE = /https?:\/\/[^\s<>"]{1,3000}/y;
const WORD = /[\p{L}\p{N}]/u;

/** Draw a text in markdown. HTML in it is text like any other. */
export function renderMarkdown(text) {
  return drawLines(text.replace(/\r\n?/g, "\n").split("\n"), 0);
}

/** What a line may begin; each takes its lines from `lines` at `place` and says where it ends. */
const BEGINNINGS = [
  [FENCE, fence],
  [HEADING, heading],
  [RULE, (lines, place) => [h("hr.bk-divider"), place + 1]],
  [QUOTED, quote],
  [ITEM, list],
];

function drawLines(lines, depth) {
  const drawn = [];
  for (let place = 0; place < lines.length;) {
    if (!lines[place].trim()) {
      place += 1;
      continue;
    }
    const [element, end] = begin(lines, place, depth);
    drawn.push(element);
    place = end;
  }
  return drawn;
}

function begin(lines, place, depth) {
  const draw = BEGINNINGS.find(([form]) => form.test(lines[place]))?.[1];
  if (draw && depth < DEEPEST) return draw(lines, place, depth);
  if (isTable(lines, place)) return table(lines, place);
  return paragraph(lines, place);
}

function paragraph(lines, place) {
  let end = place + 1;
  while (end < lines.length && lines[end].trim() && !BEGINNINGS.some(([form]) => form.test(lines[end]))) end += 1;
  const said = lines.slice(place, end).map((line) => line.trim());
  const shown = said.flatMap((line, at) => [...(at ? ["\n"] : []), ...inline(line)]);
  return [h("p.bk-words", { dir: "auto" }, joined(shown)), end];
}

function fence(lines, place) {
  const [, ticks, language] = FENCE.exec(lines[place]);
  let end = place + 1;
  while (end < lines.length && !lines[end].trim().startsWith(ticks)) end += 1;
  const about = language ? { dataset: { language } } : {};
  return [h("pre.bk-code", { dir: "auto", ...about }, lines.slice(place + 1, end).join("\n")), end + 1];
}

function heading(lines, place) {
  const [, signs, said] = HEADING.exec(lines[place]);
  const words = withoutTail(said.trim(), "# ");
  const level = Math.min(signs.length, 4);
  return [h(`h${level + 2}.bk-header`, { dir: "auto", dataset: { level } }, inline(words)), place + 1];
}

function quote(lines, place, depth) {
  let end = place;
  while (end < lines.length && QUOTED.test(lines[end])) end += 1;
  const said = lines.slice(place, end).map((line) => line.replace(QUOTED, ""));
  return [h("blockquote.bk-quote", { dir: "auto" }, drawLines(said, depth + 1)), end];
}

/** A list goes on while entries of its kind come, and while what is under an entry is indented. */
function list(lines, place, depth) {
  const [, indent, sign] = ITEM.exec(lines[place]);
  const ordered = /\d/.test(sign);
  const items = [];
  let end = place;
  for (; end < lines.length; end += 1) {
    const item = ITEM.exec(lines[end]);
    if (item && item[1].length <= indent.length + 1) {
      if (item[1].length < indent.length || /\d/.test(item[2]) !== ordered) break;
      items.push({ said: item[3], under: [] });
    } else if (/^ {2,}\S/.test(lines[end])) items.at(-1).under.push(lines[end]);
    else break;
  }
  const spec = `${ordered ? "ol" : "ul"}.bk-list.bk-level-${depth % 3}`;
  const start = ordered && Number.parseInt(sign, 10) !== 1 ? Number.parseInt(sign, 10) : null;
  return [
    h(
      spec,
      { start },
      items.map((item) => entry(item, depth)),
    ),
    end,
  ];
}

function entry({ said, under }, depth) {
  const task = TASK.exec(said);
  const inside = drawLines(
    under.map((line) => line.replace(/^ {1,4}/, "")),
    depth + 1,
  );
  if (!task) return h("li", { dir: "auto" }, h("span.bk-words", {}, inline(said)), inside);
  const done = task[1] !== " ";
  const box = h("input.bk-task", {
    type: "checkbox",
    disabled: true,
    checked: done,
    "aria-label": done ? "Done" : "Not done",
  });
  return h("li.bk-todo", { dir: "auto" }, box, h("span", {}, inline(task[2])), inside);
}

function isTable(lines, place) {
  if (!lines[place].includes("|") || !lines[place + 1]?.includes("-")) return false;
  return cells(lines[place + 1]).every((cell) => DELIMITER.test(cell));
}

function table(lines, place) {
  let end = place + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  const sides = cells(lines[place + 1]).map(side);
  const row = (line, tag) =>
    h(
      "tr",
      {},
      cells(line).map((cell, at) => h(`${tag}.bk-${sides[at] ?? "left"}`, { dir: "auto" }, inline(cell))),
    );
  const body = lines.slice(place + 2, end).map((line) => row(line, "td"));
  const drawn = h("table.bk-table", {}, h("thead", {}, row(lines[place], "th")), h("tbody", {}, body));
  return [h("div.bk-scroll", { tabindex: "0", role: "group", "aria-label": "A table" }, drawn), end];
}

function cells(line) {
  return line
    .trim()
    .replace(/^\|/, "")
    .replace(/\|$/, "")
    .split("|")
    .map((cell) => cell.trim());
}

function side(delimiter) {
  if (!delimiter.endsWith(":")) return "left";
  return delimiter.startsWith(":") ? "center" : "right";
}

const ATOMS = { "\\": escaped, "`": code, "!": linked, "[": linked, "<": angled, ":": emojiAt, h: bare };

function inline(line) {
  const found = [];
  const at = {};
  for (let place = 0; place < line.length;) {
    ORDINARY.lastIndex = place;
    const ordinary = ORDINARY.exec(line)?.[0];
    const atom = ordinary
      ? { shown: ordinary, end: place + ordinary.length }
      : (ATOMS[line[place]]?.(line, place, at) ?? run(line, place));
    found.push(atom.shown);
    place = atom.end;
  }
  return joined(styled(found, TAGS));
}

/** One, two or three of a mark; what cannot be a mark is itself. */
function run(line, place) {
  const one = line[place];
  const mark = [one.repeat(3), one + one, one].find(
    (some) => Object.hasOwn(TAGS, some) && line.startsWith(some, place),
  );
  if (!mark) return { shown: one, end: place + 1 };
  const end = place + mark.length;
  const before = line[place - 1] ?? " ";
  const after = line[end] ?? " ";
  const open = after.trim() !== "" && (one !== "_" || !WORD.test(before));
  const close = before.trim() !== "" && (one !== "_" || !WORD.test(after));
  return { shown: { mark, open, close }, end };
}

function escaped(line, place) {
  const next = line[place + 1];
  return next && /[!-/:-@[-`{-~]/.test(next) ? { shown: next, end: place + 2 } : null;
}

function code(line, place, at) {
  const end = at.noMoreTicks ? -1 : line.indexOf("`", place + 1);
  if (end < 0) at.noMoreTicks = true;
  return end > place + 1 ? { shown: h("code.bk-code", {}, line.slice(place + 1, end)), end: end + 1 } : null;
}

/** Slack shows a picture in markdown as a link to it. */
function linked(line, place) {
  LINKED.lastIndex = place;
  const [whole, said, url] = LINKED.exec(line) ?? [];
  const shown = url && link(url, inline(said || url));
  return shown ? { shown, end: place + whole.length } : null;
}

function angled(line, place) {
  ANGLED.lastIndex = place;
  const [whole, url] = ANGLED.exec(line) ?? [];
  const shown = url && link(url, [url.replace(/^mailto:/, "")]);
  return shown ? { shown, end: place + whole.length } : null;
}

function bare(line, place) {
  if (WORD.test(line[place - 1] ?? " ")) return null;
  BARE.lastIndex = place;
  const found = BARE.exec(line)?.[0];
  return found ? bareLink(found, place) : null;
}
