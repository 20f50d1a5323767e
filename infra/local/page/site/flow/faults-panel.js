// The switches as one sees them: each with what it does, what to look for, and how it stands.

import { announce, fill, h } from "../ground/dom.js";
import { inWords } from "../ground/words.js";
import { apply, on, world } from "../ground/world.js";
import { hand, mendAll, now, objection, outOfReach, titleOf, turn } from "./faults.js";
import { GROUPS, SWITCHES } from "./faults-table.js";

const parts = new Map(); // key of a switch -> { button, label, state, why }
const sections = []; // { group, element, away }
const hint = h("p.switches-hint");
const trouble = h("p.switches-trouble", { role: "alert" });
let chosen = null; // the provider whose switches are shown; null: the one of the phone in hand

/** Build the switches. */
export function switchboard() {
  const act = { type: "button", onclick: () => attempt(putRight) };
  const mend = h("button.quiet.switches-mend", act, "Put everything right");
  const groups = GROUPS.map((group) => {
    const away = h("p.switches-why", { hidden: true });
    const rows = group.switches.map(row);
    const element = h("section.switch-group", { "aria-label": group.title }, heading(group), away, rows);
    sections.push({ group, element, away });
    return element;
  });
  on(["live"], () => world.live === "live" && fill(trouble)); // what was away is back
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
  const [state, label, why] = [h("span.switch-state"), h("span.switch-title"), h("p.switches-why", { hidden: true })];
  const id = `about-${one.key.replace(/\W+/g, "-")}`;
  why.id = `why-${id}`;
  const act = { type: "button", "aria-describedby": `${why.id} ${id}`, onclick: () => attempt(() => flip(one)) };
  const button = one.once
    ? h("button.quiet.switch-once", act, label)
    : h("button.switch", { ...act, role: "switch", "aria-checked": "false" }, h("span.switch-knob"), label);
  parts.set(one.key, { button, label, state, why });
  const expects = h("span.switch-expect", {}, one.expect);
  const said = h("p.switch-about", { id }, one.does, " ", expects);
  return h("div.switch-row", {}, h("div.switch-line", {}, button, state), why, said);
}

async function flip(one) {
  const turned = await turn(one);
  const title = titleOf(one);
  tellLine(turned ? `You make it go wrong: ${title}. ${one.does}` : `You put it right: ${title}.`);
  announce(one.once ? one.does : `${title}: ${turned ? "on" : "off"}`);
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
    fill(trouble, inWords(error));
  }
}

/** Show how every switch stands now. */
export function drawSwitches() {
  const { standIn, name } = hand();
  const shown = chosen ?? standIn;
  for (const { group, element, away } of sections) {
    element.hidden = Boolean(group.standIn) && group.standIn !== shown;
    say(away, outOfReach(group.standIn ?? group.of));
    for (const place of element.querySelectorAll(".switch-provider")) drawProvider(place);
  }
  for (const one of SWITCHES) drawSwitch(one);
  say(hint, `Break something; nothing is lost. You are holding ${name}’s phone.`);
}

function drawProvider(place) {
  const own = SWITCHES.filter((one) => one.standIn === place.dataset.standIn && now(one).on).length;
  place.querySelector(".switch-provider-wrong").textContent = own ? `${own} on` : "";
}

function drawSwitch(one) {
  const { button, label, state, why } = parts.get(one.key);
  const { on: isOn, words } = now(one);
  const against = objection(one);
  if (!one.once) button.setAttribute("aria-checked", String(isOn));
  button.setAttribute("aria-disabled", String(Boolean(against)));
  say(label, titleOf(one));
  say(state, words);
  // Where the whole service is out of reach, that is said once above.
  say(why, outOfReach(one.standIn) ? "" : against);
}

function say(place, words) {
  place.hidden = !words;
  if (place.textContent !== words) place.textContent = words;
}
