// What each person has read, and what they have not.

import { isMember } from "./place.js";
import { look, view } from "../ground/view.js";
import { world } from "../ground/world.js";

const ENOUGH = 100; // nobody reads a larger number differently
const NEVER_UNREAD = /^(tombstone|(channel|group)_(join|leave|archive|unarchive))$/;

/** The name under which the marks of a channel, or of a thread in it, are kept. */
export function spotOf(channel, thread) {
  return thread ? `${channel}/${thread}` : channel;
}

export function lastRead(me, spot) {
  return view.read[me]?.[spot] ?? "";
}

export function markRead(me, spot, ts) {
  if (!ts || ts <= lastRead(me, spot)) return;
  const kept = Object.entries(view.read[me] ?? {}).filter(([key]) => exists(key));
  look({ read: { ...view.read, [me]: { ...Object.fromEntries(kept), [spot]: ts } } });
}

function exists(spot) {
  const [channel, thread] = spot.split("/");
  const found = world.slack?.channels.get(channel);
  return found !== undefined && (!thread || found.all.has(thread));
}

/** { count, mentions } of what a person has not read in a channel and its threads. */
export function unread(channel, me) {
  const found = { count: 0, mentions: 0 };
  if (!isMember(channel, me)) return found;
  tally(found, channel, channel.roots, me, lastRead(me, channel.id));
  for (const [root, replies] of channel.threads) {
    tally(found, channel, replies, me, lastRead(me, spotOf(channel.id, root)), true);
  }
  return found;
}

/** How many replies of a thread a person has not read. */
export function unreadReplies(channel, root, me) {
  const found = { count: 0, mentions: 0 };
  tally(found, channel, channel.threads.get(root) ?? [], me, lastRead(me, spotOf(channel.id, root)));
  return found.count;
}

function tally(found, channel, sorted, me, since, onlyHere = false) {
  for (let place = sorted.length - 1; place >= 0 && sorted[place] > since && found.count < ENOUGH; place -= 1) {
    const message = channel.all.get(sorted[place]);
    if (!counts(message, me) || (onlyHere && message.subtype === "thread_broadcast")) continue;
    found.count += 1;
    if (mentions(message.blocks ?? { type: "mrkdwn", text: message.text }, me)) found.mentions += 1;
  }
}

/** Whether a message can be news to a person. */
export function counts(message, me) {
  return message.user !== me && !NEVER_UNREAD.test(message.subtype ?? "");
}

function mentions(part, me) {
  if (Array.isArray(part)) return part.some((one) => mentions(one, me));
  if (part === null || typeof part !== "object") return false;
  if (part.type === "user") return part.user_id === me;
  if (part.type === "broadcast") return true;
  if (part.type === "mrkdwn") return part.text.includes(`<@${me}>`) || /<!(here|channel|everyone)/.test(part.text);
  return Object.values(part).some((one) => mentions(one, me));
}
