// Where one is in Slack: as whom, in which channel, with which thread open; and what each person has read.

import { look, view } from "../ground/view.js";
import { world } from "../ground/world.js";

const ENOUGH = 100; // nobody reads a larger number differently
const NEVER_UNREAD = /^(tombstone|(channel|group)_(join|leave|archive|unarchive))$/;
const TO_ALL = /<!(here|channel|everyone)/;

/** Whose Slack it can be: the team first, then guests of another company; never bots. */
export function people() {
  const all = [...world.slack.users.values()].filter((user) => !user.is_bot && !user.deleted);
  return [...all.filter((user) => !isGuest(user)), ...all.filter(isGuest)];
}

export function isGuest(user) {
  return user.team_id !== world.slack.team.id;
}

/** Whether somebody is of the company whose app it is: others see its messages, and nothing else of it. */
export function isColleague(id) {
  const user = world.slack.users.get(id);
  return user !== undefined && !isGuest(user);
}

export function isMember(channel, user) {
  return channel.members.includes(user);
}

/** The channels a person sees: those to work in first, then the others they are in, then those they can join. */
export function channelsOf(me) {
  const all = [...world.slack.channels.values()];
  const within = all.filter((channel) => isMember(channel, me));
  if (isGuest(world.slack.users.get(me))) return within;
  const outside = all.filter((channel) => !isMember(channel, me) && !channel.is_private);
  return [...within.filter((one) => !isAside(one, me)), ...within.filter((one) => isAside(one, me)), ...outside];
}

/** Whether a channel is none of those in which one works with Threadline: there to be tried, not to be seen first. */
export function isAside(channel, me) {
  if (isGuest(world.slack.users.get(me))) return false;
  const { is_private, is_archived, is_ext_shared, is_member } = channel;
  return is_private || is_archived || is_ext_shared || !is_member || !isMember(channel, me);
}

/** { me, channel, thread, home }: ids of the person and the channel, the ts of the thread or "", and whether at Home. */
export function place() {
  const me = world.slack.users.has(view.me) ? view.me : people()[0].id;
  const home = view.home && hasHome(me);
  return { ...spot(me), home };
}

/** Whether there is a Home of the app for a person. */
export function hasHome(me) {
  return Boolean(world.slack.app.home_tab) && isColleague(me);
}

function spot(me) {
  const seen = channelsOf(me);
  const chosen = seen.find(({ id }) => id === view.channel);
  if (follows(chosen)) {
    const newest = newestThread(seen, me);
    if (newest) return { me, ...newest };
  }
  const thread = chosen && isThread(chosen, view.thread) ? view.thread : "";
  return { me, channel: (chosen ?? seen[0])?.id ?? "", thread };
}

// Until somebody chooses for themselves, and again when what they chose is gone, the newest thread is shown.
function follows(chosen) {
  return view.follow || (view.thread && !(chosen && isThread(chosen, view.thread)));
}

function isThread(channel, ts) {
  const root = channel.all.get(ts);
  return root !== undefined && (root.thread_ts ?? ts) === ts;
}

function newestThread(channels, me) {
  let newest = null;
  for (const channel of channels) {
    if (!isMember(channel, me)) continue;
    for (const [thread, replies] of channel.threads) {
      if (replies.length && thread > (newest?.thread ?? "") && channel.all.has(thread)) {
        newest = { channel: channel.id, thread };
      }
    }
  }
  return newest;
}

export function become(me) {
  look({ me });
}

export function openChannel(channel) {
  look({ channel, thread: "", follow: false, home: false });
}

export function openHome() {
  look({ ...here(), follow: false, home: true });
}

export function openThread(channel, thread) {
  look({ channel, thread, follow: false, home: false });
}

export function closeThread() {
  look({ ...here(), thread: "", follow: false });
}

/** Stay where one is, even when a newer thread begins. */
export function stay() {
  if (view.follow) look({ ...here(), follow: false });
}

/** Stay in the thread that is open; where none is, the first one still opens by itself. */
export function stayInThread() {
  if (view.follow && here().thread) stay();
}

function here() {
  const { channel, thread } = place();
  return { channel, thread };
}

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

/** { count, mentions } of what is new to a person: messages in the channel, and mentions there and in its threads. */
export function unread(channel, me) {
  if (!isMember(channel, me)) return { count: 0, mentions: 0 };
  const fresh = news(channel, channel.roots, me, lastRead(me, channel.id));
  let mentions = fresh.filter((message) => isCalled(message, me)).length;
  for (const [root, replies] of channel.threads) {
    const hidden = news(channel, replies, me, lastRead(me, spotOf(channel.id, root))).filter(isOnlyThere);
    mentions += hidden.filter((message) => isCalled(message, me)).length;
  }
  return { count: fresh.length, mentions };
}

/** How many replies of a thread a person has not read. */
export function unreadReplies(channel, root, me) {
  return news(channel, channel.threads.get(root) ?? [], me, lastRead(me, spotOf(channel.id, root))).length;
}

function news(channel, sorted, me, since) {
  const found = [];
  for (let at = sorted.length - 1; at >= 0 && sorted[at] > since && found.length < ENOUGH; at -= 1) {
    const message = channel.all.get(sorted[at]);
    if (counts(message, me)) found.push(message);
  }
  return found;
}

const isOnlyThere = (message) => message.subtype !== "thread_broadcast";

/** Whether a message can be news to a person. */
export function counts(message, me) {
  return message.user !== me && !NEVER_UNREAD.test(message.subtype ?? "");
}

const called = new WeakMap(); // message -> ids of those it mentions, and "all"; a changed one is another object

function isCalled(message, me) {
  if (!called.has(message)) {
    const ids = new Set();
    gather(message.blocks ?? { type: "mrkdwn", text: message.text ?? "" }, ids);
    called.set(message, ids);
  }
  const ids = called.get(message);
  return ids.has(me) || ids.has("all");
}

function gather(part, ids) {
  if (part === null || typeof part !== "object") return;
  if (part.type === "user") ids.add(part.user_id);
  else if (part.type === "broadcast") ids.add("all");
  else if (part.type === "mrkdwn") fromText(String(part.text ?? ""), ids);
  else for (const one of Object.values(part)) gather(one, ids);
}

function fromText(text, ids) {
  for (const [, id] of text.matchAll(/<@(\w+)/g)) ids.add(id);
  if (TO_ALL.test(text)) ids.add("all");
}
