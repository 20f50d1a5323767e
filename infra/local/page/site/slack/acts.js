// What people do in Slack, each told to the stand-in as its controls want it.

import { pull } from "../ground/live.js";
import { place } from "./place.js";
import { world } from "../ground/world.js";

const ME = /^\/me\s+(?=\S)/;
const ARCHIVES = /^https:\/\/[\w.-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?.*?thread_ts=(\d+\.\d+))?/;
const NO_ANSWER = "This app did not respond. Try again, or contact whoever looks after it.";

/** Write something; `also` sends a reply to the channel as well. */
export function say(words, { me, channel, thread }, also) {
  const about = { user: me, channel, text: words.replace(ME, "") };
  if (thread) about.thread_ts = thread;
  if (also) about.broadcast = true;
  else if (ME.test(words)) about.me = true;
  return pull("slack", "say", about);
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

export function join(channel, me) {
  return pull("slack", "invite", { channel, user: me });
}

/** What a message's blocks need of the world around them. */
export function contextOf(message, channel, me, show) {
  return {
    me,
    user: (id) => world.slack?.users.get(id),
    channel: (id) => world.slack?.channels.get(id),
    users: () => [...(world.slack?.users.values() ?? [])],
    channels: () => [...(world.slack?.channels.values() ?? [])],
    open: (url) => follow(url, show),
    press: (element, choice) => press(message, channel, me, element, choice),
  };
}

async function press(message, channel, me, { action_id }, choice) {
  const about = { user: me, channel, ts: message.ts, action_id, choice: choice ?? "" };
  const { result: status } = await pull("slack", "press", about);
  if (!(status >= 200 && status < 300)) throw new Error(NO_ANSWER);
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
