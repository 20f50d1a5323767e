// Block Kit, drawn: https://docs.slack.dev/reference/block-kit/blocks. What is not known shows as itself.

import { h } from "../ground/dom.js";
import { drawElement, picture } from "./elements.js";
import { asText, isSafe, itself, link, listOf, words } from "./inline.js";
import { renderMarkdown } from "./markdown.js";
import { label, textNodes } from "./mrkdwn.js";
import { renderRichText } from "./richtext.js";
import { chart, dataTable, table } from "./tables.js";

const DEEPEST = 6;
const HEADINGS = { 1: "h3", 2: "h4", 3: "h5", 4: "h6" };

const BLOCKS = {
  section,
  context,
  actions: (block, ctx) => actions(block.elements, ctx),
  context_actions: (block, ctx) => actions(block.elements, ctx, ".bk-quiet"),
  divider: () => h("hr.bk-divider"),
  header,
  image,
  rich_text: richText,
  markdown: ({ text }, ctx) => h("div.bk-markdown", {}, renderMarkdown(words(text), ctx)),
  video,
  file,
  input,
  table,
  data_table: dataTable,
  data_visualization: chart,
  card,
  carousel,
  container,
  alert,
  task_card: taskCard,
  plan,
};

const LEVELS = {
  default: ["", "Note"],
  info: ["ℹ️", "For your information"],
  warning: ["⚠️", "Warning"],
  error: ["⛔", "Error"],
  success: ["✅", "Success"],
};
const STATES = {
  pending: ["○", "Pending"],
  in_progress: ["◐", "In progress"],
  complete: ["✓", "Complete"],
  error: ["✕", "Failed"],
};

/**
 * Draw a message's blocks. ctx: user(id), channel(id), me, press(element, choice), open(url), and usergroup(id)
 * where it is there.
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
  const cells = fields === undefined ? null : h("div.bk-fields", {}, cellsOf(fields, ctx));
  if (!said && !cells) throw new TypeError("a section says something");
  const beside = accessory ? h("div.bk-accessory", {}, drawElement(accessory, ctx)) : null;
  return h("div.bk-section", {}, h("div.bk-main", {}, said, cells), beside);
}

function cellsOf(fields, ctx) {
  return listOf(fields).map((field) => h("div.bk-field", {}, textNodes(field, ctx)));
}

function context({ elements }, ctx) {
  const drawn = listOf(elements).map((element) => contextElement(element, ctx));
  return h("div.bk-context", {}, drawn);
}

function contextElement(element, ctx) {
  if (element?.type === "image") return picture(element, "bk-small");
  if (!["mrkdwn", "plain_text"].includes(element?.type)) return itself(element, "element");
  return h("div.bk-note", {}, textNodes(element, ctx));
}

function actions(elements, ctx, kind = "") {
  const drawn = listOf(elements).map((element) => drawElement(element, ctx));
  return h(`div.bk-actions${kind}`, {}, drawn);
}

function header({ text, level }, ctx) {
  const tag = HEADINGS[level] ?? "h3";
  const about = { dir: "auto", dataset: { level: HEADINGS[level] ? level : 2 } };
  return h(`${tag}.bk-header`, about, textNodes(text, ctx));
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
  const sign = h("span", { "aria-hidden": "true" }, "📄");
  return h("div.bk-file", {}, sign, `A ${asText(source ?? "remote")} file: ${words(id)}`);
}

function input({ label: about, element, hint, optional, dispatch_action: tells, block_id: block }, ctx) {
  const name = words(about?.text);
  const quiet = tells ? ctx : { ...ctx, press: () => {} };
  const may = optional ? h("span.bk-optional", {}, " (optional)") : null;
  return h(
    "div.bk-input",
    { dataset: { field: typeof block === "string" ? block : "" } },
    h("div.bk-label", { "aria-hidden": "true" }, textNodes(about, ctx), may),
    drawElement(element, quiet, name),
    hint ? h("div.bk-note", {}, textNodes(hint, ctx)) : null,
  );
}

// ---- the blocks Slack added since 2025

function card(block, ctx) {
  const { hero_image: hero, icon, title, subtitle, body, actions: buttons } = block;
  if (!hero && !title && !body && !buttons) throw new TypeError("an empty card");
  return h(
    "article.bk-card",
    {},
    hero ? picture(hero, "bk-hero") : null,
    h(
      "div.bk-card-head",
      {},
      icon ? picture(icon, "bk-icon") : null,
      h("div", {}, part("bk-title", title, ctx), part("bk-note", subtitle, ctx)),
    ),
    part("bk-text", body, ctx),
    buttons ? actions(buttons, ctx) : null,
  );
}

function part(name, text, ctx) {
  return text ? h(`div.${name}`, {}, textNodes(text, ctx)) : null;
}

function carousel({ elements }, ctx) {
  const cards = listOf(elements).map((one) => h("li", {}, one?.type === "card" ? card(one, ctx) : itself(one)));
  return h("ul.bk-carousel", { tabindex: "0", "aria-label": "Cards, side by side" }, cards);
}

function container(block, ctx, inside) {
  const { title, rich_text_title: richTitle, subtitle, icon, child_blocks: children } = block;
  const heading = richTitle ? renderRichText(richTitle, ctx) : label(title);
  const head = [
    icon ? picture(icon, "bk-icon") : null,
    h("span.bk-container-title", {}, h("span.bk-title", { dir: "auto" }, heading), part("bk-note", subtitle, ctx)),
  ];
  const body = h("div.bk-container-body", {}, inside(listOf(children)));
  if (block.is_collapsible !== true) {
    const divided = block.has_header_divider === true ? ".bk-divided" : "";
    return h(`section.bk-container${divided}`, {}, h("div.bk-container-head", {}, head), body);
  }
  const open = block.default_collapsed !== true;
  return h("details.bk-container", { open }, h("summary.bk-container-head", {}, head), body);
}

function alert({ text, level = "default" }, ctx) {
  const [sign, spoken] = Object.hasOwn(LEVELS, level) ? LEVELS[level] : LEVELS.default;
  const about = { role: "note", "aria-label": spoken, dataset: { level } };
  return h(
    "div.bk-alert",
    about,
    sign ? h("span", { "aria-hidden": "true" }, sign) : null,
    h("div.bk-text", {}, textNodes(text, ctx)),
  );
}

function taskCard(block, ctx) {
  const { title, status, details, output, sources } = block;
  const [sign, spoken] = Object.hasOwn(STATES, String(status)) ? STATES[status] : STATES.pending;
  const told = { role: "img", "aria-label": spoken, dataset: { state: status ?? "pending" } };
  const state = h("span.bk-state", told, sign);
  const head = [state, h("span", { dir: "auto" }, words(title))];
  const more = [details, output].filter(Boolean).map((text) => renderRichText(text, ctx));
  if (sources) more.push(h("div.bk-sources", {}, listOf(sources).map(source)));
  if (!more.length) return h("div.bk-task-card", {}, h("div.bk-task-head", {}, head));
  return h("details.bk-task-card", { open: status !== "complete" }, h("summary.bk-task-head", {}, head), more);
}

function source({ url, text }) {
  return link(url, [text || url]) ?? h("span", {}, String(text || url));
}

function plan({ title, tasks }, ctx) {
  const drawn = listOf(tasks ?? []).map((task) =>
    h("li", {}, task?.type === "task_card" ? taskCard(task, ctx) : itself(task)),
  );
  return h("section.bk-plan", {}, h("div.bk-title", { dir: "auto" }, words(title)), h("ol.bk-tasks", {}, drawn));
}
