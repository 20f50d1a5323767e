// The switches as one sees them: each with what it does, what to look for, and how it stands.

import { announce, fill, h } from "../ground/dom.js";
import { hand, mendAll, now, objection, turn } from "./faults.js";
import { GROUPS, SWITCHES } from "./faults-table.js";
import { apply } from "../ground/world.js";

const parts = new Map(); // key of a switch -> { button, state, said }
const sections = []; // { group, element }
const hint = h("p.switches-hint");
const trouble = h("p.switches-trouble", { role: "alert" });
let chosen = null; // the provider whose switches are shown; null: the one of the phone in hand

/** Build the switches. */
export function switchboard() {
  const act = { type: "button", onclick: () => attempt(putRight) };
  const mend = h("button.quiet.switches-mend", act, "Put everything right");
  const groups = GROUPS.map((group) => {
    const element = h("section.switch-group", { "aria-label": group.title }, heading(group), group.switches.map(row));
    sections.push({ group, element });
    return element;
  });
  return h(
    "section.switches",
    { id: "flow-switches", "aria-label": "Make things go wrong" },
    h("div.switches-head", {}, hint, mend, trouble),
    groups,
  );
}

function heading({ title, standIn }) {
  if (!standIn) return h("h3.switch-group-title", {}, title);
  const providers = GROUPS.filter((group) => group.standIn);
  return h(
    "div.switch-providers",
    { role: "group", "aria-label": "Which provider" },
    providers.map((one) => provider(one, one.standIn === standIn)),
  );
}

function provider({ standIn, title }, pressed) {
  const act = { type: "button", "aria-pressed": String(pressed), onclick: () => choose(standIn) };
  return h("button.switch-provider", { ...act, dataset: { standIn } }, title, h("span.switch-provider-wrong"));
}

function choose(standIn) {
  chosen = standIn;
  drawSwitches();
  const { element } = sections.find(({ group }) => group.standIn === standIn);
  element.querySelector(`[data-stand-in="${standIn}"]`).focus();
}

function row(one) {
  const state = h("span.switch-state");
  const label = h("span.switch-title", {}, one.title);
  const id = `about-${one.key.replace(/\W+/g, "-")}`;
  const act = { type: "button", role: "switch", "aria-describedby": id, onclick: () => attempt(() => flip(one)) };
  const button = h("button.switch", { ...act, "aria-checked": "false" }, h("span.switch-knob"), label);
  parts.set(one.key, { button, state });
  return h(
    "div.switch-row",
    {},
    h("div.switch-line", {}, button, state),
    h("p.switch-about", { id }, one.does, " ", h("span.switch-expect", {}, one.expect)),
  );
}

async function flip(one) {
  const on = await turn(one);
  tellLine(`${on ? "You make it go wrong" : "You put it right"}: ${one.title}. ${on ? one.does : ""}`.trim());
  announce(`${one.title}: ${on ? "on" : "off"}`);
}

async function putRight() {
  await mendAll();
  tellLine("You put everything right");
  announce("Everything is put right");
}

// What was pulled belongs on the line too, or one would not see what followed from it.
function tellLine(words) {
  apply({ source: "page", kind: "pulled", at: Date.now(), words });
}

async function attempt(act) {
  fill(trouble);
  try {
    await act();
  } catch (error) {
    fill(trouble, error.message);
  }
}

/** Show how every switch stands now. */
export function drawSwitches() {
  const { standIn, name } = hand();
  const shown = chosen ?? standIn;
  for (const { group, element } of sections) {
    element.hidden = Boolean(group.standIn) && group.standIn !== shown;
    for (const place of element.querySelectorAll(".switch-provider")) drawProvider(place);
  }
  for (const one of SWITCHES) drawSwitch(one);
  fill(hint, `Nothing gets lost by it. The phone in hand: ${name}’s.`);
}

function drawProvider(place) {
  const own = SWITCHES.filter((one) => one.standIn === place.dataset.standIn && now(one).on).length;
  place.querySelector(".switch-provider-wrong").textContent = own ? `${own} on` : "";
}

function drawSwitch(one) {
  const { button, state } = parts.get(one.key);
  const { on, words } = now(one);
  button.setAttribute("aria-checked", String(on));
  const against = objection(one);
  button.setAttribute("aria-disabled", String(Boolean(against)));
  button.title = against;
  if (state.textContent !== words) state.textContent = words;
}
