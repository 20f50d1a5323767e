// What blocks are made of: text objects, pictures, lists. What is not as documented is refused with a TypeError.

import { h } from "../ground/dom.js";
import { asText, renderPlain } from "./inline.js";
import { renderMrkdwn } from "./mrkdwn.js";

export function listOf(value) {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value;
}

export function words(value) {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value;
}

/** Draw a text object. */
export function textNodes(object, ctx) {
  const text = words(object?.text);
  if (object.type === "mrkdwn")
    return renderMrkdwn(text, ctx, { verbatim: object.verbatim === true, jumbo: false });
  if (object.type !== "plain_text") throw new TypeError("not a text object");
  return [h("span.bk-words", { dir: "auto" }, object.emoji === false ? text : renderPlain(text))];
}

/** Draw the words of a button or an option: one line. */
export function label(object) {
  const text = words(object?.text);
  return object.emoji === false ? [text] : renderPlain(text);
}

/** Draw a picture. What lies elsewhere is never fetched: its place says what it shows and where it is. */
export function picture({ image_url: url, slack_file: slackFile, alt_text: alt }, size) {
  const told = asText(alt);
  if (isOurs(url)) return h(`img.bk-picture.${size}`, { src: url, alt: told, title: told });
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

function isOurs(url) {
  return typeof url === "string" && (/^\/media\//.test(url) || /^data:image\/(?:png|jpe?g|gif|webp);/i.test(url));
}

function hostOf(url) {
  if (typeof url !== "string" || !URL.canParse(url)) throw new TypeError("no address of a picture");
  return new URL(url).host || "somewhere else";
}
