// Block Kit, drawn: https://docs.slack.dev/reference/block-kit/blocks. What is not known shows as itself.

import { h } from "../ground/dom.js";
import { drawElement } from "./elements.js";
import { asText, isSafe, itself, link } from "./inline.js";
import { renderMarkdown } from "./markdown.js";
import { renderMrkdwn, renderPlain } from "./mrkdwn.js";
import { NEW_BLOCKS } from "./newblocks.js";
import { label, listOf, picture, textNodes, words } from "./parts.js";
import { renderRichText } from "./richtext.js";

export { renderMrkdwn, renderPlain, renderRichText };

const DEEPEST = 6;
const HEADINGS = { 1: "h3", 2: "h4", 3: "h5", 4: "h6" };

const BLOCKS = {
  section,
  context,
  actions,
  divider: () => h("hr.bk-divider"),
  header,
  image,
  rich_text: richText,
  markdown: ({ text }, ctx) => h("div.bk-markdown", {}, renderMarkdown(words(text), ctx)),
  video,
  file,
  input,
  ...NEW_BLOCKS,
};

/**
 * Draw a message's blocks. ctx: user(id), channel(id), me, press(element, choice), open(url);
 * users(), channels() and usergroup(id) are used where they are there.
 */
export function renderBlocks(blocks, ctx) {
  return drawAll(blocks, ctx ?? {}, 0);
}

function drawAll(blocks, ctx, depth) {
  if (blocks === null || blocks === undefined) return [];
  if (!Array.isArray(blocks) || depth > DEEPEST) return [itself(blocks)];
  const alone = depth === 0 && blocks.length === 1;
  return blocks.map((block) => drawBlock(block, ctx, depth, alone));
}

/** Draw one block; one that is not as documented is shown as it came rather than half. */
function drawBlock(block, ctx, depth, alone) {
  if (!Object.hasOwn(BLOCKS, String(block?.type))) return itself(block);
  try {
    const inside = (blocks) => drawAll(blocks, ctx, depth + 1);
    const drawn = BLOCKS[block.type](block, ctx, inside, alone);
    drawn.classList.add("bk-block");
    return drawn;
  } catch {
    return itself(block);
  }
}

function section({ text, fields, accessory }, ctx) {
  const said = text === undefined ? null : h("div.bk-text", {}, textNodes(text, ctx));
  const cells =
    fields === undefined
      ? null
      : h(
          "div.bk-fields",
          {},
          listOf(fields).map((field) => cell(field, ctx)),
        );
  if (!said && !cells) throw new TypeError("a section says something");
  const beside = accessory ? h("div.bk-accessory", {}, drawElement(accessory, ctx)) : null;
  return h("div.bk-section", {}, h("div.bk-main", {}, said, cells), beside);
}

function cell(field, ctx) {
  return h("div.bk-field", {}, textNodes(field, ctx));
}

function context({ elements }, ctx) {
  return h(
    "div.bk-context",
    {},
    listOf(elements).map((element) => contextElement(element, ctx)),
  );
}

function contextElement(element, ctx) {
  if (element?.type === "image") return picture(element, "bk-small");
  if (!["mrkdwn", "plain_text"].includes(element?.type)) return itself(element, "element");
  return h("div.bk-note", {}, textNodes(element, ctx));
}

function actions({ elements }, ctx) {
  return h(
    "div.bk-actions",
    {},
    listOf(elements).map((element) => drawElement(element, ctx)),
  );
}

function header({ text, level }, ctx) {
  const tag = HEADINGS[level] ?? "h3";
  return h(
    `${tag}.bk-header`,
    { dir: "auto", dataset: { level: HEADINGS[level] ? level : 2 } },
    textNodes(text, ctx),
  );
}

function image(block, ctx) {
  const title = block.title ? h("figcaption", { dir: "auto" }, textNodes(block.title, ctx)) : null;
  return h("figure.bk-image", {}, title, picture(block, "bk-large"));
}

function richText(block, ctx, inside, alone) {
  listOf(block.elements);
  return renderRichText(block, ctx, { jumbo: alone });
}

function video(block, ctx) {
  const { title, title_url: titleUrl, video_url: videoUrl, description } = block;
  const address = [titleUrl, videoUrl].find(isSafe);
  const heading = h("strong", { dir: "auto" }, "▶ ", label(title));
  const from = [block.provider_name, block.author_name].filter((name) => typeof name === "string" && name);
  return h(
    "div.bk-video",
    {},
    from.length ? h("div.bk-note", {}, from.join(" · ")) : null,
    address ? link(address, heading) : heading,
    description ? h("div.bk-text", {}, textNodes(description, ctx)) : null,
  );
}

function file({ external_id: id, source }) {
  return h(
    "div.bk-file",
    {},
    h("span", { "aria-hidden": "true" }, "📄"),
    `A ${asText(source ?? "remote")} file: ${words(id)}`,
  );
}

function input({ label: about, element, hint, optional, dispatch_action: tells }, ctx) {
  const name = words(about?.text);
  const quiet = tells ? ctx : { ...ctx, press: () => {} };
  const may = optional ? h("span.bk-optional", {}, " (optional)") : null;
  return h(
    "div.bk-input",
    {},
    h("div.bk-label", { "aria-hidden": "true" }, textNodes(about, ctx), may),
    drawElement(element, quiet, name),
    hint ? h("div.bk-note", {}, textNodes(hint, ctx)) : null,
  );
}
