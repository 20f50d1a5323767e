// Where one is in Slack: as whom, in which channel, with which thread open.

import { look, view } from "../ground/view.js";
import { world } from "../ground/world.js";

/** Whose Slack it can be: the team first, then guests of another company; never bots. */
export function people() {
  const all = [...world.slack.users.values()].filter((user) => !user.is_bot && !user.deleted);
  return [...all.filter((user) => !isGuest(user)), ...all.filter(isGuest)];
}

export function isGuest(user) {
  return user.team_id !== world.slack.team.id;
}

export function isMember(channel, user) {
  return channel.members.includes(user);
}

/** The channels a person sees, those they are in first. */
export function channelsOf(me) {
  const all = [...world.slack.channels.values()];
  const within = all.filter((channel) => isMember(channel, me));
  if (isGuest(world.slack.users.get(me))) return within;
  return [...within, ...all.filter((channel) => !isMember(channel, me) && !channel.is_private)];
}

/** { me, channel, thread }: ids of the person and the channel, and the ts of the thread or "". */
export function place() {
  const me = world.slack.users.has(view.me) ? view.me : people()[0].id;
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
  look({ channel, thread: "", follow: false });
}

export function openThread(channel, thread) {
  look({ channel, thread, follow: false });
}

export function closeThread() {
  look({ ...here(), thread: "", follow: false });
}

/** Stay where one is, even when a newer thread begins. */
export function stay() {
  if (view.follow) look({ ...here(), follow: false });
}

function here() {
  const { channel, thread } = place();
  return { channel, thread };
}
