// The blocks Slack added since 2025: cards, containers, alerts, tasks. Tables and charts are in tables.js.

import { h } from "../ground/dom.js";
import { drawElement } from "./elements.js";
import { itself, link } from "./inline.js";
import { label, listOf, picture, textNodes, words } from "./parts.js";
import { renderRichText } from "./richtext.js";
import { chart, dataTable, table } from "./tables.js";

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

export const NEW_BLOCKS = {
  table,
  data_table: dataTable,
  data_visualization: chart,
  card,
  carousel,
  container,
  alert,
  context_actions: contextActions,
  task_card: taskCard,
  plan,
};

function card(block, ctx) {
  const { hero_image: hero, icon, title, subtitle, body, actions } = block;
  if (!hero && !title && !body && !actions) throw new TypeError("an empty card");
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
    actions
      ? h(
          "div.bk-actions",
          {},
          listOf(actions).map((element) => drawElement(element, ctx)),
        )
      : null,
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
  return h(
    "details.bk-container",
    { open: block.default_collapsed !== true },
    h("summary.bk-container-head", {}, head),
    body,
  );
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

function contextActions({ elements }, ctx) {
  return h(
    "div.bk-actions.bk-quiet",
    {},
    listOf(elements).map((element) => drawElement(element, ctx)),
  );
}

function taskCard(block, ctx) {
  const { title, status, details, output, sources } = block;
  const [sign, spoken] = Object.hasOwn(STATES, String(status)) ? STATES[status] : STATES.pending;
  const state = h(
    "span.bk-state",
    { role: "img", "aria-label": spoken, dataset: { state: status ?? "pending" } },
    sign,
  );
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
