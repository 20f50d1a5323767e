// One message as Slack shows it: who and when, words or blocks, files, reactions, and the way into its thread.

import { renderBlocks } from "../blocks/blocks.js";
import { renderMrkdwn } from "../blocks/mrkdwn.js";
import { h } from "../ground/dom.js";
import { counted } from "../ground/words.js";
import { authorOf, avatar, dayNameOf, dayOf, icon, lastReply, momentOf } from "./message-parts.js";
import { shortTimeOf, stampOf, summary, timeOf } from "./message-parts.js";
import { files } from "./message-files.js";
import { reactions } from "./picker.js";
import { unreadReplies } from "./place.js";

const TOGETHER = 5 * 60; // seconds within which messages of one author stand together
const FACES = 5; // pictures shown of those who replied
const LOOKED_AT = 40; // replies looked through for them
const SYSTEM = /^(channel|group)_(join|leave|archive|unarchive|name|topic|purpose)$/;

export const isSystem = (message) => SYSTEM.test(message.subtype ?? "");
export const isGone = (message) => message.subtype === "tombstone";

/** Whether a message needs no name and picture, because the one before has the same. */
export function joins(message, before) {
  if (!before || isSystem(before) || isGone(before) || isSystem(message) || isGone(message)) return false;
  if (message.to || before.to || before.reply_count || message.subtype === "thread_broadcast") return false;
  if (Number(message.ts) - Number(before.ts) > TOGETHER || dayOf(message.ts) !== dayOf(before.ts)) return false;
  return authorOf(message).key === authorOf(before).key;
}

/** What a message shows of the one before: "join", "day", "new", in any combination; `quiet` says nothing of days. */
export function lookOf(message, before, { newFrom, quiet }) {
  const day = !quiet && (!before || dayOf(before.ts) !== dayOf(message.ts));
  const marks = [day && "day", message.ts === newFrom && "new", joins(message, before) && "join"];
  return marks.filter(Boolean).join(" ");
}

/** Draw a message. `spot` is { me, channel, thread, ctx, do: { … } }: where it stands and what can be done there. */
export function drawMessage(message, look, spot) {
  const compact = look.includes("join") && !look.includes("new") && !look.includes("day");
  return h(
    "div.stuff",
    {},
    dividers(message, look),
    h(
      "div.message",
      { "data-compact": compact, "data-only": Boolean(message.to) },
      ephemeralNote(message),
      notes(message, spot),
      h("div.gutter", {}, compact ? moment(message, shortTimeOf) : picture(message)),
      h("div.main", {}, compact ? null : header(message), body(message, spot), extras(message, spot)),
    ),
  );
}

function dividers(message, look) {
  if (!look.includes("day") && !look.includes("new")) return null;
  return h(
    "div.divider",
    { "data-fresh": look.includes("new") },
    look.includes("day") ? h("span.day", {}, dayNameOf(message.ts)) : null,
    look.includes("new") ? h("span.new", {}, "New") : null,
  );
}

function picture(message) {
  if (isGone(message)) return h("span.avatar", { "aria-hidden": "true", "data-look": "gone" });
  return avatar(authorOf(message), isSystem(message) ? "small" : "");
}

function moment({ ts }, write = timeOf) {
  return h("time.time", { datetime: stampOf(ts), title: momentOf(ts) }, write(ts));
}

function header(message) {
  if (isGone(message)) return null;
  const author = authorOf(message);
  return h(
    "div.header",
    {},
    h("span.name", { dir: "auto" }, author.name),
    author.app ? h("span.app", {}, "APP") : null,
    moment(message),
  );
}

function notes(message, { thread, channel, do: acts }) {
  if (message.subtype !== "thread_broadcast") return null;
  if (thread) return h("p.note", {}, `Also sent to #${channel.name}`);
  const parent = channel.all.get(message.thread_ts);
  const open = { type: "button", dataset: { key: "parent" }, onclick: () => acts.open(message.thread_ts) };
  return h("p.note", {}, "replied to a thread: ", h("button.link", open, summary(parent ?? {}, 60) || "the thread"));
}

function body(message, spot) {
  if (isGone(message)) return h("div.body.gone", {}, message.text);
  if (message.blocks?.length) {
    return h("div.body", {}, withEdited(renderBlocks(message.blocks, spot.ctx(message)), message));
  }
  if (!message.text) return null;
  const kind = isSystem(message) ? "div.body.system" : message.subtype === "me_message" ? "div.body.me" : "div.body";
  const words = isSystem(message) ? message.text.replace(`<@${message.user}> `, "") : message.text;
  return h(kind, {}, h("div.words", {}, renderMrkdwn(words, spot.ctx(message)), edited(message)));
}

// Behind the last word, where there is one: what an app puts below it is no place for it.
function withEdited(drawn, message) {
  const last = drawn.at(-1);
  if (message.blocks.at(-1).type === "rich_text") (last.lastElementChild ?? last).append(...edited(message));
  return drawn;
}

function edited(message) {
  if (!message.edited) return [];
  return [h("span.edited", { title: `Edited ${momentOf(message.edited.ts)}` }, " (edited)")];
}

function extras(message, spot) {
  if (isGone(message)) return footer(message, spot);
  return [
    files(message.files),
    attachments(message, spot),
    reactions(message, spot.me, {
      toggle: (name) => spot.do.react(message, name),
      pick: (button) => spot.do.pick(message, button),
    }),
    message.to ? dismissal(message, spot) : footer(message, spot),
  ];
}

function dismissal(message, { do: acts }) {
  const dismiss = { type: "button", dataset: { key: "dismiss" }, onclick: () => acts.dismiss(message) };
  return h("button.link", dismiss, "Dismiss message");
}

/** A message in one breath, for those who listen. */
export function labelOf(message, { thread }) {
  if (isGone(message)) return "A message that was deleted";
  const more = !thread && message.reply_count ? `. ${counted(message.reply_count, "reply", "replies")}` : "";
  const only = message.to ? "Only visible to you. " : "";
  return `${only}${authorOf(message).name} at ${timeOf(message.ts)}: ${summary(message)}${more}`;
}

function attachments(message, spot) {
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

function ephemeralNote(message) {
  return message.to ? h("p.note", {}, icon("eye"), "Only visible to you") : null;
}

/** "3 replies", which opens the thread; in the thread itself, the rule below its first message. */
function footer(message, { me, channel, thread, do: acts }) {
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
