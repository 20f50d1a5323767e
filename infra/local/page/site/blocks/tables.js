// Tables, those that sort and turn pages, and charts as tables of their numbers.

import { fill, h } from "../ground/dom.js";
import { asText, itself, listOf, words } from "./inline.js";
import { renderRichText } from "./richtext.js";

const SIDES = new Set(["left", "center", "right"]);
const PAGE = 5;

/** https://docs.slack.dev/reference/block-kit/blocks/table-block */
export function table({ rows, column_settings: settings = [] }, ctx) {
  const [head, ...rest] = listOf(rows).map((row) => listOf(row).map((cell) => drawCell(cell, ctx)));
  const spec = (tag, column) => {
    const { align, is_wrapped: wrapped } = listOf(settings)[column] ?? {};
    return `${tag}.bk-${SIDES.has(align) ? align : "left"}${wrapped ? ".bk-wrapped" : ""}`;
  };
  const heads = h(
    "tr",
    {},
    (head ?? []).map((cell, column) => h(spec("th", column), { scope: "col" }, cell)),
  );
  const body = rest.map((row) =>
    h(
      "tr",
      {},
      row.map((cell, column) => h(spec("td", column), {}, cell)),
    ),
  );
  return scrolling(h("table.bk-table", {}, h("thead", {}, heads), h("tbody", {}, body)), "A table");
}

function scrolling(content, name) {
  return h("div.bk-scroll", { tabindex: "0", role: "group", "aria-label": name }, content);
}

function drawCell(cell, ctx) {
  if (cell?.type === "rich_text") return renderRichText(cell, ctx);
  if (cell?.type === "raw_text") return h("span.bk-words", { dir: "auto" }, words(cell.text));
  if (cell?.type === "raw_number") return h("span.bk-number", {}, asText(cell.text ?? cell.value));
  return itself(cell, "cell");
}

/** https://docs.slack.dev/reference/block-kit/blocks/data-table-block */
export function dataTable(block, ctx) {
  const [head, ...rows] = listOf(block.rows).map(listOf);
  const size = Number.isInteger(block.page_size) && block.page_size > 0 ? block.page_size : PAGE;
  const data = { rows: rows.map((cells) => cells.map((cell) => sortable(cell, ctx))), head: head ?? [] };
  const state = { page: 0, column: -1, down: false };
  const [heads, body, pages] = [h("tr"), h("tbody"), h("div.bk-pages")];
  const draw = () => {
    const rowHead = block.row_header_column_index ?? 0;
    const last = Math.max(Math.ceil(data.rows.length / size) - 1, 0);
    state.page = Math.min(Math.max(state.page, 0), last);
    fill(
      heads,
      data.head.map((cell, column) => sorter(cell, column, state, data, draw)),
    );
    fill(
      body,
      data.rows.slice(state.page * size, (state.page + 1) * size).map((row) => bodyRow(row, rowHead)),
    );
    fill(pages, last ? turning(state, last, draw) : null);
  };
  draw();
  const drawn = h(
    "table.bk-table",
    {},
    h("caption", { dir: "auto" }, words(block.caption)),
    h("thead", {}, heads),
    body,
  );
  return h("div.bk-data", {}, scrolling(drawn, block.caption), pages);
}

function sortable(cell, ctx) {
  const shown = drawCell(cell, ctx);
  return {
    shown,
    value: typeof cell.value === "number" ? cell.value : shown.textContent,
    numeric: cell.type === "raw_number",
  };
}

function bodyRow(row, rowHead) {
  const cell = ({ shown, numeric }, column) => {
    const spec = `${column === rowHead ? "th" : "td"}.bk-${numeric ? "right" : "left"}`;
    return h(spec, column === rowHead ? { scope: "row" } : {}, shown);
  };
  return h("tr", {}, row.map(cell));
}

function sorter(cell, column, state, data, draw) {
  const now = state.column === column;
  const sort = (event) => {
    Object.assign(state, { column, down: now && !state.down, page: 0 });
    const way = state.down ? -1 : 1;
    data.rows.sort((one, other) => way * compare(one[column]?.value, other[column]?.value));
    const row = event.currentTarget.closest("tr");
    draw();
    row.children[column].firstElementChild.focus();
  };
  const sign = now ? (state.down ? " ↓" : " ↑") : "";
  const about = { scope: "col", "aria-sort": now ? (state.down ? "descending" : "ascending") : null };
  return h(
    "th",
    about,
    h("button.bk-sorter", { type: "button", onclick: sort }, asText(cell?.text ?? cell?.value), sign),
  );
}

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return asText(one).localeCompare(asText(other));
}

function turning(state, last, draw) {
  const turn = (by, sign, name) =>
    h(
      "button.bk-icon-button",
      {
        type: "button",
        "aria-label": name,
        disabled: state.page + by < 0 || state.page + by > last,
        onclick: () => {
          state.page += by;
          draw();
        },
      },
      sign,
    );
  return [
    turn(-1, "‹", "The page before"),
    h("span", {}, `${state.page + 1} of ${last + 1}`),
    turn(1, "›", "The next page"),
  ];
}

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export function chart({ title, chart: about }) {
  const [heads, ...rows] = about.type === "pie" ? pie(about) : series(about);
  const head = h(
    "tr",
    {},
    heads.map((name) => h("th", { scope: "col" }, asText(name))),
  );
  const row = ([name, ...values]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row", dir: "auto" }, asText(name)),
      values.map((value) => h("td.bk-right", {}, asText(value))),
    );
  const drawn = h(
    "table.bk-table",
    {},
    h("caption", { dir: "auto" }, words(title)),
    h("thead", {}, head),
    h("tbody", {}, rows.map(row)),
  );
  return scrolling(drawn, title);
}

function pie({ segments }) {
  return [["", "Value"], ...listOf(segments).map(({ label, value }) => [label, value])];
}

function series({ series: all, axis_config: axes }) {
  const categories = listOf(axes?.categories ?? listOf(all)[0]?.data.map(({ label }) => label));
  const values = listOf(all).map(({ data }) => new Map(listOf(data).map(({ label, value }) => [label, value])));
  const heads = [axes?.x_label ?? "", ...all.map(({ name }) => name)];
  return [heads, ...categories.map((category) => [category, ...values.map((one) => one.get(category) ?? "")])];
}
