// What hangs on a message: files, previews, the note that only you see it, and the line that leads into its thread.

import { avatar, authorOf } from "./avatar.js";
import { renderBlocks } from "../blocks/blocks.js";
import { h } from "../ground/dom.js";
import { counted, lastReply } from "./message-words.js";
import { renderMrkdwn } from "../blocks/mrkdwn.js";
import { icon } from "./icons.js";
import { unreadReplies } from "./read.js";

const FACES = 5; // pictures shown of those who replied
const LOOKED_AT = 40; // replies looked through for them

export function files(message) {
  if (!message.files?.length) return null;
  return h("ul.files", { "aria-label": "Files" }, message.files.map(file));
}

function file({ name, title, filetype, size }) {
  const about = [(filetype ?? "").toUpperCase(), size ? `${Math.ceil(size / 1024).toLocaleString("en")} kB` : ""];
  return h(
    "li.file",
    {},
    h("span.file-sign", { "aria-hidden": "true" }, icon("file")),
    h(
      "span.file-words",
      {},
      h("span.file-name", {}, title || name || "A file"),
      h("span.soft", {}, about.filter(Boolean).join(" · ")),
    ),
  );
}

export function attachments(message, spot) {
  return (message.attachments ?? []).map((one) => attachment(one, spot.ctx(message)));
}

function attachment(one, ctx) {
  const bar = { vars: /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? { "--bar": `#${one.color.replace("#", "")}` } : {} };
  return h(
    "div.attachment",
    bar,
    one.pretext ? h("div", {}, renderMrkdwn(one.pretext, ctx)) : null,
    one.service_name || one.author_name ? h("div.strong", {}, one.service_name ?? one.author_name) : null,
    one.title ? title(one, ctx) : null,
    one.text ? h("div.words", {}, renderMrkdwn(one.text, ctx)) : null,
    one.fields?.length ? h("dl.fields", {}, one.fields.map((field) => pair(field, ctx))) : null,
    one.blocks?.length ? renderBlocks(one.blocks, ctx) : null,
    one.footer ? h("div.soft", {}, one.footer) : null,
    anythingIn(one) ? null : h("div.words", {}, one.fallback ?? ""),
  );
}

function anythingIn({ pretext, title, text, blocks, fields }) {
  return Boolean(pretext || title || text || blocks?.length || fields?.length);
}

function title({ title, title_link, from_url }, ctx) {
  const url = title_link ?? from_url;
  if (!/^https?:/.test(url ?? "")) return h("div.strong", {}, title);
  const open = (event) => {
    event.preventDefault();
    ctx.open(url);
  };
  return h("div.strong", {}, h("a", { href: url, rel: "noopener noreferrer", onclick: open }, title));
}

function pair({ title, value }, ctx) {
  return h("div", {}, h("dt", {}, title ?? ""), h("dd", {}, renderMrkdwn(value ?? "", ctx)));
}

export function ephemeralNote(message) {
  return message.to ? h("p.note", {}, icon("eye"), "Only visible to you") : null;
}

/** "3 replies", which opens the thread; in the thread itself, the rule below its first message. */
export function footer(message, { me, channel, thread, do: acts }) {
  if (!message.reply_count) return null;
  const words = counted(message.reply_count, "reply", "replies");
  if (thread) return message.ts === thread ? h("div.rule", {}, h("span", {}, words)) : null;
  const fresh = unreadReplies(channel, message.ts, me);
  return h(
    "button.replies",
    { type: "button", dataset: { key: "replies" }, onclick: () => acts.open(message.ts) },
    h("span.faces", {}, faces(channel, message.ts).map((author) => avatar(author, "tiny"))),
    h("span.strong", {}, words),
    fresh ? h("span.fresh", {}, `${fresh} new`) : null,
    h("span.soft", {}, lastReply(message.latest_reply ?? message.ts)),
  );
}

function faces(channel, root) {
  const found = new Map();
  for (const ts of (channel.threads.get(root) ?? []).slice(-LOOKED_AT).reverse()) {
    const author = authorOf(channel.all.get(ts));
    if (!found.has(author.key)) found.set(author.key, author);
    if (found.size === FACES) break;
  }
  return [...found.values()];
}
