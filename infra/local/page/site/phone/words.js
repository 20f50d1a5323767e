// Words as the apps show them: WhatsApp reads its own few marks, the others show what was typed.

import { h } from "../ground/dom.js";

// https://faq.whatsapp.com/539178204879377: a mark counts at the edge of a word, and holds no space inside its edges.
const MARKS = { "*": "strong", _: "em", "~": "s" };
const EDGE = "[\\s\\p{P}\\p{S}]";
const SPAN = new RegExp(
  `(^|${EDGE})(?:\`\`\`([^\`]+)\`\`\`|\`([^\`\\n]+)\`|([*_~])(\\S(?:[^\\n]{0,2000}?\\S)?)\\4)(?=$|${EDGE})`,
  "u",
);
const MORE_THAN_MARKS = /[^\s*_~]/;
const DEEPEST = 3;

/** Give the nodes of a text as WhatsApp shows it. */
export function whatsAppWords(text, depth = 0) {
  const nodes = [];
  let rest = text;
  for (let found = SPAN.exec(rest); found; found = SPAN.exec(rest)) {
    const [whole, before, block, code, mark, inside] = found;
    nodes.push(rest.slice(0, found.index) + before);
    nodes.push(mark ? marked(mark, inside, depth) : h("code", {}, block ?? code));
    rest = rest.slice(found.index + whole.length);
  }
  return [...nodes, rest];
}

function marked(mark, inside, depth) {
  if (!MORE_THAN_MARKS.test(inside)) return mark + inside + mark;
  return h(MARKS[mark], {}, depth < DEEPEST ? whatsAppWords(inside, depth + 1) : inside);
}
