// Emoji: the reactions under a message, and the little window in which one looks for another.

import { glyph } from "../blocks/emoji.js";
import { fill, h } from "../ground/dom.js";
import { counted } from "../ground/words.js";
import { world } from "../ground/world.js";
import { icon, named } from "./message-parts.js";

const HANDFUL =
  "white_check_mark eyes raised_hands +1 heart joy tada pray wave clap ok_hand -1 fire rocket star zap " +
  "smile slightly_smiling_face wink sweat_smile blush thinking_face cry sob hourglass_flowing_sand warning question x " +
  "bulb muscle handshake coffee";
const SHOWN = 48;
const WIDTH = 292;
const HEIGHT = 212;
const TONE = /::skin-tone-(\d)$/;

let open = null; // { element, pick }

/** Every name an emoji goes by, the stand-in's own last. */
function emojiNames() {
  return Object.keys(world.emoji);
}

/** Names that fit what was typed so far: those that begin with it before those that contain it. */
export function findEmoji(typed, most) {
  const wanted = typed.toLowerCase().replaceAll(" ", "_");
  const begins = [];
  const contains = [];
  for (const name of emojiNames()) {
    const at = name.indexOf(wanted);
    if (at === 0) begins.push(name);
    else if (at > 0) contains.push(name);
  }
  return [...begins.sort((a, b) => a.length - b.length), ...contains].slice(0, most);
}

/** Let somebody choose an emoji beside a button; `pick(name)` hears which. */
export function pickEmoji(anchor, pick) {
  open?.element.remove();
  const element = draw();
  open = { element, pick };
  document.body.append(element);
  settle(element, anchor.getBoundingClientRect());
  element.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed") setTimeout(() => element.remove()); // after focus went back where it was
  });
  element.showPopover();
  element.querySelector("input").focus();
}

function settle(element, { left, right, top, bottom }) {
  const above = top > HEIGHT + 8;
  const x = Math.max(8, Math.min(right - WIDTH, innerWidth - WIDTH - 8, Math.max(left, 8)));
  const y = above ? top - HEIGHT - 4 : Math.min(bottom + 4, innerHeight - HEIGHT - 8);
  element.style.setProperty("--x", `${x}px`);
  element.style.setProperty("--y", `${Math.max(8, y)}px`);
}

function draw() {
  const found = h("div.found", { role: "group", "aria-label": "Emoji" });
  const search = h("input", {
    type: "search",
    placeholder: "Search all emoji",
    "aria-label": "Search all emoji",
    autocomplete: "off",
    oninput: () => show(found, search.value.trim()),
  });
  show(found, "");
  return h(
    "div.picker",
    { popover: "auto", role: "dialog", "aria-label": "Choose an emoji", onkeydown: move },
    search,
    found,
  );
}

function show(found, typed) {
  const names = typed ? findEmoji(typed, SHOWN) : HANDFUL.split(" ");
  fill(found, names.length ? names.map(choice) : h("p.soft", {}, "No emoji is called that."));
}

function choice(name) {
  const label = name.replaceAll("_", " ");
  return h(
    "button",
    { type: "button", "aria-label": label, title: `:${name}:`, onclick: () => choose(name) },
    emojiOf(name),
  );
}

function choose(name) {
  const { element, pick } = open;
  element.hidePopover();
  pick(name);
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 };

function move(event) {
  const inSearch = event.target.tagName === "INPUT";
  const choices = [...event.currentTarget.querySelectorAll("button")];
  if (inSearch && event.key === "Enter") {
    event.preventDefault();
    choices[0]?.click();
  }
  if (!(event.key in STEPS) || (inSearch && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const at = inSearch ? 0 : choices.indexOf(event.target) + STEPS[event.key];
  if (at < 0) event.currentTarget.querySelector("input").focus();
  else choices[Math.min(at, choices.length - 1)]?.focus();
}

/** An emoji by its name, or the name itself where there is no picture of it. */
export function emojiOf(name) {
  return glyph(name) ?? glyph(name.replace(TONE, "")) ?? `:${name}:`;
}

/** The pills of a message; `toggle(name)` presses one, `pick(button)` looks for another. */
export function reactions(message, me, { toggle, pick }) {
  const given = message.reactions ?? [];
  if (!given.length) return null;
  return h(
    "div.reactions",
    {},
    given.map((reaction) => pill(reaction, me, toggle)),
    h(
      "button.pill.more",
      {
        type: "button",
        "aria-label": "Add a reaction",
        dataset: { key: "more" },
        onclick: (event) => pick(event.currentTarget),
      },
      icon("react"),
    ),
  );
}

function pill({ name, users, count }, me, toggle) {
  const mine = users.includes(me);
  const who = users.map((user) => (user === me ? "you" : named(user))).join(", ");
  return h(
    "button.pill",
    {
      type: "button",
      "aria-pressed": String(mine),
      "aria-label": `${name.replaceAll("_", " ")}, ${counted(count, "reaction")}, from ${who}`,
      title: `${who} reacted with :${name}:`,
      dataset: { key: `pill-${name}` },
      onclick: () => toggle(name),
    },
    h("span.glyph", {}, emojiOf(name)),
    h("span.count", {}, String(count)),
  );
}
