// The reactions under a message.

import { h } from "../ground/dom.js";
import { glyph } from "../blocks/emoji.js";
import { icon } from "./icons.js";
import { world } from "../ground/world.js";

const TONE = /::skin-tone-(\d)$/;

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
  const who = users.map((user) => (user === me ? "you" : world.slack.users.get(user)?.real_name ?? user)).join(", ");
  return h(
    "button.pill",
    {
      type: "button",
      "aria-pressed": String(mine),
      "aria-label": `${name.replaceAll("_", " ")}, ${count === 1 ? "1 reaction" : `${count} reactions`}, from ${who}`,
      title: `${who} reacted with :${name}:`,
      dataset: { key: `pill-${name}` },
      onclick: () => toggle(name),
    },
    h("span.glyph", {}, emojiOf(name)),
    h("span.count", {}, String(count)),
  );
}
