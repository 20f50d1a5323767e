// What the page knows: Slack, the phones and the flow, as the stand-ins tell it. Whoever draws a part of it
// is called once per frame when that part has changed. Nothing here decides anything.

const listeners = new Map();
const changed = new Set();
let frame = 0;

export const world = {
  live: "connecting", // "live", "away"
  about: {},
  slack: null, // see workspace()
  phones: {}, // stand-in -> { people, phones: Map(who -> Map(id -> entry)), standings: Map(who -> [...]), faults, repeat }
  flow: [], // the last FLOW_KEPT changes of every source that tell the way of a message, oldest first
  emoji: {},
};

const FLOW_KEPT = 1000;
const IN_THE_FLOW = new Set(["door", "line", "bell", "clock", "call", "webhook", "event", "pressed", "pulled"]);

/** Call `draw` in the next frame after any of these topics changed: live, begin (all anew), about, slack, phones, flow, faults, view. */
export function on(topics, draw) {
  for (const topic of topics) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(draw);
  }
}

/** Say that a topic has changed. */
export function touch(topic) {
  changed.add(topic);
  if (frame) return;
  // A page nobody looks at gets no frames, but has to know when it is looked at again.
  frame = document.hidden ? setTimeout(draw, 100) : requestAnimationFrame(draw);
}

function draw() {
  frame = 0;
  const due = new Set([...changed].flatMap((topic) => [...(listeners.get(topic) ?? [])]));
  changed.clear();
  for (const one of due) one();
}

/** Take the whole state, as GET /state gives it. */
export function begin(state) {
  world.about = state.about ?? {};
  world.emoji = state.emoji;
  world.slack = state.sources.slack ? workspace(state.sources.slack) : null;
  world.phones = {};
  for (const [name, source] of Object.entries(state.sources)) {
    if (name !== "slack" && source) world.phones[name] = pocket(source);
  }
  world.flow = (state.flow ?? []).map((change) => ({ source: "flow", ...change })).slice(-FLOW_KEPT);
  for (const topic of ["begin", "about", "slack", "phones", "flow", "faults"]) touch(topic);
}

function workspace(state) {
  const channels = new Map(state.channels.map((channel) => [channel.id, room(channel)]));
  return {
    ...state,
    users: new Map(state.users.map((user) => [user.id, user])),
    usergroups: new Map(state.usergroups.map((group) => [group.id, group])),
    channels,
    ephemerals: new Map(state.ephemerals.map((message) => [message.ts, message])),
    modals: new Map(Object.entries(state.modals)), // user -> the views they have open, the last uppermost
    homes: new Map(Object.entries(state.homes)), // user -> their App Home
  };
}

function room({ messages, threads, ...about }) {
  const made = { ...about, all: new Map(), roots: [], threads: new Map(), turn: 0 };
  for (const message of messages) keep(made, message);
  for (const thread of Object.values(threads)) for (const message of thread) keep(made, message);
  return made;
}

// With each change the channel takes another turn, so that nobody has to look through all of it to know.
function keep(channel, message) {
  channel.turn += 1;
  const root = message.thread_ts ?? message.ts;
  if (!channel.all.has(message.ts)) {
    if (root !== message.ts) insert(reach(channel.threads, root, () => []), message.ts);
    if (root === message.ts || message.subtype === "thread_broadcast") insert(channel.roots, message.ts);
  }
  channel.all.set(message.ts, message);
}

function drop(channel, ts) {
  const message = channel.all.get(ts);
  channel.turn += 1;
  channel.all.delete(ts);
  for (const sorted of [channel.roots, channel.threads.get(message?.thread_ts) ?? []]) {
    const place = sorted.indexOf(ts);
    if (place >= 0) sorted.splice(place, 1);
  }
}

function insert(sorted, ts) {
  let place = sorted.length;
  while (place > 0 && sorted[place - 1] > ts) place -= 1;
  sorted.splice(place, 0, ts);
}

function reach(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

function pocket(state) {
  const phones = new Map();
  for (const [who, entries] of Object.entries(state.phones ?? {})) {
    phones.set(who, new Map(entries.map((entry) => [entry.id, entry])));
  }
  const standings = new Map(Object.entries(state.standings ?? {}));
  return { ...state, phones, standings };
}

/** Take one change, as GET /live sends it. */
export function apply(change) {
  if (IN_THE_FLOW.has(change.kind)) {
    world.flow.push(change);
    if (world.flow.length > FLOW_KEPT) world.flow.splice(0, world.flow.length - FLOW_KEPT);
    touch("flow");
  }
  if (change.source === "slack" && world.slack) slack[change.kind]?.(world.slack, change);
  else if (world.phones[change.source]) phone[change.kind]?.(world.phones[change.source], change);
}

const slack = {
  message({ channels }, { channel, message }) {
    if (channels.has(channel)) keep(channels.get(channel), message);
    touch("slack");
  },
  gone({ channels }, { channel, ts }) {
    if (channels.has(channel)) drop(channels.get(channel), ts);
    touch("slack");
  },
  ephemeral({ ephemerals }, { message }) {
    ephemerals.set(message.ts, message);
    touch("slack");
  },
  ephemeral_gone({ ephemerals }, { ts }) {
    ephemerals.delete(ts);
    touch("slack");
  },
  channel({ channels }, { channel }) {
    channels.set(channel.id, { ...(channels.get(channel.id) ?? room({ messages: [], threads: {} })), ...channel });
    touch("slack");
  },
  channel_gone({ channels }, { channel }) {
    channels.delete(channel);
    touch("slack");
  },
  modal({ modals }, { user, stack }) {
    modals.set(user, stack);
    touch("slack");
  },
  home({ homes }, { user, view }) {
    homes.set(user, view);
    touch("slack");
  },
  faults(workspace, { faults, events, repeat, drops, held, app }) {
    Object.assign(workspace, { faults, events, repeat, drops, held, app: { ...workspace.app, ...app } });
    touch("faults");
  },
};

const phone = {
  phone(pocket, { who, entry }) {
    reach(pocket.phones, String(who), () => new Map()).set(entry.id, entry);
    touch("phones");
  },
  person(pocket, { who, person }) {
    pocket.people = { ...pocket.people, [who]: person };
    touch("phones");
  },
  standing(pocket, { who, standing }) {
    const others = (pocket.standings.get(String(who)) ?? []).filter(({ medium }) => medium !== standing.medium);
    pocket.standings.set(String(who), [...others, standing]);
    touch("phones");
  },
  faults(pocket, { faults, repeat }) {
    Object.assign(pocket, { faults, repeat });
    touch("faults");
  },
};
