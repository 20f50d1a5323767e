// What people do in Slack: what can be done with a message, and how each deed is told to the stand-in.

import { ask, h } from "../ground/dom.js";
import { pull } from "../ground/live.js";
import { world } from "../ground/world.js";
import { Composer } from "./composer.js";
import { isGone, isSystem } from "./message.js";
import { asTyped, icon } from "./message-parts.js";
import { isColleague, place } from "./place.js";

const ME = /^\/me\s+(?=\S)/;
const COMMAND = /^\/[^\s/]\S*/; // a note begins with two strokes, which Slack takes for no command
const ARCHIVES = /^https:\/\/[\w.-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?.*?thread_ts=(\d+\.\d+))?/;
export const NO_ANSWER = "This app did not respond. Try again, or contact whoever looks after it.";
const NAMES = {
  react: "Add a reaction",
  reply: "Reply in thread",
  edit: "Edit message",
  remove: "Delete message",
  more: "More actions",
};
export const KEYS = { r: "react", t: "reply", e: "edit", Delete: "remove", Backspace: "remove", m: "more" };

/** Write something; `also` sends a reply to the channel as well, `files` go with it. */
export function say(words, { me, channel, thread }, also, files = []) {
  const [command] = (!ME.test(words) && COMMAND.exec(words)) || [];
  // In a thread Slack takes no app's command, and says so itself.
  if (world.slack.app.commands?.includes(command)) {
    return pull("slack", "command", { user: me, text: words, channel, ...(thread ? { thread_ts: thread } : {}) });
  }
  if (command) return Promise.reject(new Error(noCommand(command)));
  const about = { user: me, channel, text: words.replace(ME, "") };
  if (thread) about.thread_ts = thread;
  if (files.length) about.files = files.map(({ name, kind, data }) => ({ name, data, mimetype: kind }));
  if (also) about.broadcast = true;
  else if (ME.test(words)) about.me = true;
  return pull("slack", "say", about);
}

function noCommand(command) {
  const why = 'In Slack, all messages that start with the "/" character are interpreted as commands.';
  return `${command} is not a valid command. ${why}`;
}

export function edit(message, channel, words) {
  return pull("slack", "edit", { channel, ts: message.ts, text: words });
}

export function remove(message, channel) {
  return pull("slack", "delete", { channel, ts: message.ts });
}

export function react(message, channel, me, name) {
  return pull("slack", "react", { user: me, channel, ts: message.ts, name });
}

/** Put away a message that only one person sees. */
export function dismiss(message, channel, me) {
  return pull("slack", "dismiss", { user: me, channel, ts: message.ts });
}

export function join(channel, me) {
  return pull("slack", "invite", { channel, user: me });
}

/** What an app's blocks need of the world around them. */
export function worldly(me, show) {
  return {
    me,
    user: (id) => world.slack?.users.get(id),
    channel: (id) => world.slack?.channels.get(id),
    usergroup: (id) => world.slack?.usergroups.get(id),
    open: (url) => follow(url, show),
  };
}

/** What those of a message need. */
export function contextOf(message, channel, me, show) {
  return { ...worldly(me, show), press: (element, choice) => press(message, channel, me, element, choice) };
}

async function press(message, channel, me, { action_id }, choice) {
  const about = { user: me, channel, ts: message.ts, action_id, choice: choice ?? "" };
  answered(await pull("slack", "press", about));
}

function answered({ result: status }) {
  if (!(status >= 200 && status < 300)) throw new Error(NO_ANSWER);
}

/** The app's shortcuts: those on a message, or those that are chosen where one writes. */
export function shortcuts(type) {
  return (world.slack.app.shortcuts ?? []).filter((one) => one.type === type);
}

/** Choose a shortcut, on a message or on none. */
export async function reach(name, me, message, channel) {
  answered(await pull("slack", "shortcut", { user: me, name, ...(message ? { channel, ts: message.ts } : {}) }));
}

/** Close every view that is open before a person. */
export function closeModals(me) {
  return pull("slack", "close_modal", { user: me, everything: true });
}

/** Go where an address leads: to a message of this workspace here, to anything else in a window of its own. */
export function follow(url, show) {
  const found = linked(url);
  if (found) show(found.channel, found.thread);
  else window.open(url, "_blank", "noopener,noreferrer");
}

/** { channel, thread } if an address leads to a message of this workspace that one sees, else null. */
export function linked(url) {
  const [, id, seconds, rest, thread] = ARCHIVES.exec(url) ?? [];
  const channel = world.slack?.channels.get(id);
  const ts = thread ?? `${seconds}.${rest}`;
  return channel?.all.has(ts) && place() ? { channel: id, thread: ts } : null;
}

/** What a person may do with a message, in Slack's order. */
export function possible(message, { me, thread, closed }) {
  if (!message || isGone(message) || message.to) return [];
  const mine = isOwn(message, me);
  if (closed) return thread ? [] : ["reply"];
  const more = isColleague(me) && shortcuts("message").length > 0;
  return ["react", !thread && "reply", mine && "edit", mine && "remove", more && "more"].filter(Boolean);
}

/** Whether somebody may edit and delete a message: their own words, not what Slack or an app says of them. */
export function isOwn(message, me) {
  return message.user === me && !message.bot_id && !isSystem(message) && !isGone(message);
}

/** The bar that comes over a message; `act(name, button)` hears what was pressed. */
export function toolbar(act) {
  const element = h("div.toolbar", { role: "toolbar", "aria-label": "Message actions" });
  const buttons = Object.entries(NAMES).map(([name, label]) => {
    const press = (event) => act(name, event.currentTarget);
    const about = { type: "button", "aria-label": label, title: label, dataset: { key: name }, onclick: press };
    if (name === "more") Object.assign(about, { "aria-haspopup": "menu", "aria-expanded": "false" });
    return h("button", about, icon(name));
  });
  element.append(...buttons);
  return {
    element,
    offer(names) {
      for (const button of buttons) button.hidden = !names.includes(button.dataset.key);
      element.hidden = names.length === 0;
    },
  };
}

/** Edit a message where it stands. `save(words)` gives a promise, `done()` is called when it is over. */
export function editor(message, { me, save, done }) {
  const before = asTyped(message.text);
  const end = () => {
    made.put("");
    done();
  };
  const made = new Composer({
    verb: "Save changes",
    cancel: end,
    send: async (words) => {
      if (words !== before) await save(words);
      end();
    },
  });
  made.element.classList.add("editor");
  made.at({ key: `${me}/edit/${message.ts}`, label: "Edit message" });
  made.put(before);
  return made;
}

/** Ask before a message is deleted; gives true if it is to be. */
export async function askToDelete(words) {
  const danger = h("button.danger", { value: "delete", autofocus: true }, "Delete");
  const dialog = h(
    "dialog.ask",
    { "aria-labelledby": "ask-title" },
    h("h3", { id: "ask-title" }, "Delete message"),
    h("p", {}, "Are you sure you want to delete this message? This cannot be undone."),
    h("blockquote", {}, words),
    h("form.choices", { method: "dialog" }, h("button.quiet", { value: "" }, "Cancel"), danger),
  );
  return (await ask(dialog)) === "delete";
}
