// What can be pressed, chosen and seen: https://docs.slack.dev/reference/block-kit/block-elements

import { h } from "../ground/dom.js";
import { ownPicture } from "../ground/pictures.js";
import { CHOICES, framed, keyed } from "./controls.js";
import { asText, isSafe, itself, listOf } from "./inline.js";
import { label } from "./mrkdwn.js";

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  image: (element) => picture(element, "bk-thumb"),
  icon_button: iconButton,
  feedback_buttons: feedback,
  ...CHOICES,
};

const ICONS = {
  trash: "🗑",
  edit: "✎",
  copy: "⧉",
  refresh: "↻",
  share: "↗",
  link: "🔗",
  star: "☆",
  flag: "⚑",
  gear: "⚙",
};

/** Draw one element; `name` is what a screen reader calls it where a label stands elsewhere. */
export function drawElement(element, ctx, name = "") {
  if (!Object.hasOwn(ELEMENTS, String(element?.type))) return itself(element, "element");
  try {
    return ELEMENTS[element.type](element, ctx, name);
  } catch {
    return itself(element, "element");
  }
}

function button(element, ctx) {
  const style = { primary: ".bk-primary", danger: ".bk-danger" }[element.style] ?? "";
  return pressable(
    `button.bk-button${style}`,
    element,
    label(element.text),
    () => choose(element, element.value, ctx),
    {
      "aria-label": element.accessibility_label || null,
    },
  );
}

function pressable(spec, element, children, press, about = {}) {
  const control = h(spec, { type: "button", dataset: keyed(element), ...about }, children);
  return framed(control, element, press);
}

/** Press, and follow the address if there is one, as Slack does both. */
function choose(element, value, ctx, url = element.url) {
  if (isSafe(url)) follow(url, ctx);
  return ctx.press?.(element, value ?? "");
}

function follow(url, ctx) {
  if (ctx.open) ctx.open(url);
  else window.open(url, "_blank", "noopener,noreferrer");
}

function iconButton(element, ctx) {
  const seenBy = element.visible_to_user_ids;
  if (Array.isArray(seenBy) && seenBy.length && !seenBy.includes(ctx.me)) return h("span", { hidden: true });
  const name = element.accessibility_label || element.text?.text || element.icon;
  const sign = ICONS[element.icon] ?? label(element.text);
  return pressable("button.bk-icon-button", element, sign, () => choose(element, element.value, ctx), {
    "aria-label": name,
    title: element.text?.text ?? null,
  });
}

function feedback(element, ctx) {
  const one = ({ text, value, accessibility_label: spoken }, sign, key) => {
    const named = { action_id: `${element.action_id}-${key}` };
    const names = { "aria-label": spoken || text.text, title: text.text };
    return pressable("button.bk-icon-button", named, sign, () => choose(element, value, ctx), names);
  };
  return h(
    "span.bk-feedback",
    {},
    one(element.positive_button, "👍", "good"),
    one(element.negative_button, "👎", "bad"),
  );
}

function overflow(element, ctx) {
  const menu = h("details.bk-overflow", { onkeydown: escape, onfocusout: leave, ontoggle: watch });
  const options = listOf(element.options).map((option, place) => {
    const press = () => choose(element, option.value, ctx, option.url);
    const named = { ...element, action_id: `${element.action_id}-${place}` };
    const shown = pressable("button.bk-option", named, label(option.text), press);
    shown.addEventListener("click", () => {
      menu.open = false;
    });
    return h("li", {}, shown);
  });
  const opener = h("summary.bk-icon-button", { "aria-label": "More actions", dataset: keyed(element) }, "⋯");
  menu.append(opener, h("ul.bk-menu", {}, options));
  return menu;
}

function escape(event) {
  if (event.key !== "Escape" || !this.open) return;
  event.stopPropagation();
  this.open = false;
  this.querySelector("summary").focus();
}

function leave({ relatedTarget }) {
  if (relatedTarget && !this.contains(relatedTarget)) this.open = false;
}

/** An open menu closes when somebody presses elsewhere. */
function watch() {
  const elsewhere = ({ target }) => {
    if (this.open && this.isConnected && this.contains(target)) return;
    this.open = false;
    document.removeEventListener("pointerdown", elsewhere);
  };
  if (this.open) document.addEventListener("pointerdown", elsewhere);
}

/** Draw a picture. What lies elsewhere is never fetched: its place says what it shows and where it is. */
export function picture({ image_url: url, slack_file: slackFile, alt_text: alt }, size) {
  const told = asText(alt);
  const ours = ownPicture(url);
  if (ours) return h(`img.bk-picture.${size}`, { src: ours, alt: told, title: told });
  const where = slackFile ? "Slack" : hostOf(url);
  if (size === "bk-small") {
    const spoken = `${told || "A picture"} (a picture at ${where})`;
    return h(`span.bk-away.${size}`, { role: "img", "aria-label": spoken, title: spoken }, "🖼");
  }
  return h(
    `div.bk-away.${size}`,
    {},
    h("span.bk-away-sign", { "aria-hidden": "true" }, "🖼"),
    h("span.bk-away-alt", { dir: "auto" }, told || "A picture"),
    h("span.bk-away-host", {}, where),
  );
}

function hostOf(url) {
  if (typeof url !== "string" || !URL.canParse(url)) throw new TypeError("no address of a picture");
  return new URL(url).host || "somewhere else";
}
