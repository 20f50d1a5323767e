// A change of the flow as one sentence: what happened, at which station, for better or worse, with which ids.

import { counted, service } from "../ground/words.js";
import { world } from "../ground/world.js";
import { channel, person, tellLine } from "./lines.js";

// Slack's methods: what it does when all is well, and what is asked of it. Where all is well, a line of the
// application tells of the quiet ones too.
const METHODS = {
  "chat.postMessage": { does: (call) => `Slack takes the post in ${channel(call.channel)}`, asked: "a post" },
  "chat.update": { does: () => "Slack draws a message anew", asked: "a change of a message", quiet: true },
  "chat.delete": { does: () => "Slack takes a message away", asked: "a message to go" },
  "chat.postEphemeral": { does: () => "Slack tells one person only", asked: "a word to one person" },
  "views.open": { does: () => "Slack opens a form", asked: "a form" },
  "views.push": { does: () => "Slack opens a form over the other", asked: "a form" },
  "views.update": { does: () => "Slack draws a form anew", asked: "a form drawn anew" },
  "views.publish": { does: () => "Slack draws somebody's Home", asked: "a Home", quiet: true },
  "reactions.add": { does: () => "Slack puts a mark on the reply", asked: "a mark", quiet: true },
  "reactions.remove": { does: () => "Slack takes a mark off the reply", asked: "a mark to go" },
  "files.getUploadURLExternal": { does: () => "Slack makes room for a file", asked: "room for a file" },
  upload: { does: () => "Slack takes the bytes of a file", asked: "the bytes of a file", quiet: true },
  "files.completeUploadExternal": { does: (call) => `Slack takes a post with a file in ${channel(call.channel)}`, asked: "a post with a file" },
  "files.info": { does: () => "Slack tells where a file stands", asked: "a look at a file", reads: true },
  "files.delete": { does: () => "Slack takes a file away", asked: "a file to go" },
  download: { does: () => "Slack hands out a file", asked: "the bytes of a file", reads: true },
  "conversations.replies": { does: () => "Slack shows the thread, to look for our post", asked: "a look", reads: true },
  "conversations.history": { does: () => "Slack shows the channel, to look for our post", asked: "a look", reads: true },
};

const SPOILED = {
  429: (who, what, call) => `${who} answers 429 to ${what}: wait${call.retry_after ? ` ${call.retry_after} s` : ""}`,
  "answer lost": (who, what) => `${who} does it, but its answer to ${what} is lost`,
  "line broke": (who, what) => `The line to ${who} breaks before ${what} is done`,
};
const HITCHES = /^(429|5\d\d|answer lost|line broke)$/;

// What a provider is asked: sending, and looking up what was sent.
const SENDS = /^(POST )?(Messages\.json|messages|send[A-Z]\w+|Messages)$/;
const LOOKS = /^GET Messages/;

const KNOCKS = {
  message: "a message",
  status: "a receipt",
  edited_message: "an edited message",
  message_reaction: "a reaction",
  callback_query: "a button pressed",
  my_chat_member: "a change of who may write",
};

const DEEDS = {
  button: (who) => `a button that ${who} pressed`,
  shortcut: (who) => `a shortcut that ${who} chose`,
  command: (who) => `a command that ${who} typed`,
  form: (who) => `a form that ${who} handed in`,
  search: (who) => `a search of ${who}'s`,
};

const ACCEPTED = { 2: "verified", 3: "verified", 4: "not let in", 5: "we failed" };

function verdict({ status, result }) {
  if (result === "dropped") return "but it is lost on the way";
  if (status === 0) return "nobody is there";
  if (status < 0) return "no answer in time";
  return `answered ${status}`;
}

function fine(status) {
  return status >= 200 && status < 300;
}

function spoiled(who, what, call, reads = false) {
  const outcome = String(call.outcome);
  const words = SPOILED[outcome]?.(who, what, call);
  if (words) return words;
  if (!HITCHES.test(outcome)) return `${who} refuses ${what}: ${outcome}`;
  return `${who} answers ${outcome} to ${what}${reads ? "" : ": perhaps done, perhaps not"}`;
}

function toneOf(outcome) {
  if (outcome === "ok") return "";
  return HITCHES.test(String(outcome)) ? "hitch" : "failure";
}

function slackCall(call) {
  const known = METHODS[call.method];
  const well = call.outcome === "ok";
  const asked = known?.asked ?? call.method;
  const done = known?.does(call) ?? `Slack answers ${call.method}`;
  return {
    station: "post",
    words: well ? done : spoiled("Slack", asked, call, known?.reads ?? !known),
    tone: toneOf(call.outcome),
    noise: well && (!known || known.quiet === true),
    lit: ["deliver", "slack"],
  };
}

function providerCall(call) {
  const name = service(call.source);
  const [, what] = [
    [SENDS, "the message"],
    [LOOKS, "what we sent"],
  ].find(([pattern]) => pattern.test(call.call)) ?? [null, call.call];
  const sends = what === "the message";
  const looks = what === "what we sent";
  const does = looks ? `${name} shows what we sent, to look for the reply` : `${name} takes ${what}`;
  return {
    station: "send",
    words: call.outcome === "ok" ? does : spoiled(name, sends ? "a message" : what, call, !sends),
    tone: call.outcome === "ok" && looks ? "remedy" : toneOf(call.outcome),
    noise: call.outcome === "ok" && !sends && !looks,
    lit: sends ? ["send", "provider", "customer"] : ["send", "provider"],
  };
}

/** Say what somebody knocks with, and whether that is only our own echo or something that changes nothing. */
function knock(change) {
  const again = (change.try ?? change.attempt + 1) > 1 ? ", once more" : "";
  if (change.kind === "webhook") return { what: `${KNOCKS[change.what] ?? change.what}${again}`, echo: false };
  if (change.kind === "pressed") return { what: DEEDS[change.did](person(change.user)), echo: change.did === "search" };
  const message = world.slack?.channels.get(change.channel)?.all.get(change.ts);
  const ours = message && (message.bot_id || message.app_id);
  const whose = change.event === "message" && message?.user && !ours ? ` of ${person(message.user)}` : "";
  const place = change.channel ? ` in ${channel(change.channel)}` : "";
  const event = String(change.event).replaceAll("_", " ");
  return { what: `a ${event}${whose}${place}${again}`, echo: event !== "message" || Boolean(ours) };
}

const STATIONS_OF = { webhook: "webhook", event: "reply", pressed: "reply" };
const LIT_BY = { webhook: ["customer", "provider", "receive"], event: ["slack", "reply"], pressed: ["slack", "reply"] };

function knocked(change) {
  const { what, echo } = knock(change);
  return {
    station: STATIONS_OF[change.kind],
    words: `${service(change.source)} calls us with ${what}: ${verdict(change)}`,
    tone: fine(change.status) ? "" : "hitch",
    noise: fine(change.status) && echo,
    lit: change.what === "status" ? ["provider", "receive"] : LIT_BY[change.kind],
  };
}

const DOORS = [
  [/^\/webhooks\/(\w+)\//, "webhook"],
  [/^\/slack\/events/, "event"],
  [/^\/slack\/(interactions|commands)/, "pressed"],
];

/** Tell which kind of knock comes through a door, and whose; nothing for doors nobody tells us about. */
export function doorway({ path }) {
  const [pattern, kind] = DOORS.find(([each]) => each.test(path)) ?? [];
  return kind ? { kind, source: kind === "webhook" ? path.match(pattern)[1] : "slack" } : null;
}

function door(change, knocking) {
  const way = doorway(change);
  if (!way) return { station: "door", words: `Somebody asks for ${change.path}: ${change.status}`, noise: true };
  const told = knocking ? knock(knocking) : { what: "", echo: way.kind !== "webhook" };
  const proof = change.signed ? `signed with ${header(change.signed)}` : "unsigned";
  const seal = `${proof}: ${ACCEPTED[Math.floor(change.status / 100)] ?? ""}, ${change.status} in ${change.ms} ms`;
  const calls = way.kind === "webhook" ? "calls our webhook" : "calls us";
  return {
    station: STATIONS_OF[way.kind],
    words: `${service(way.source)} ${calls}${told.what && ` with ${told.what}`}, ${seal}`,
    tone: fine(change.status) ? "" : "failure",
    noise: fine(change.status) && told.echo,
    lit: knocking?.what === "status" ? ["provider", "receive"] : LIT_BY[way.kind],
  };
}

// As its makers write it.
function header(name) {
  return name.replace(/(^|-)\w/g, (letter) => letter.toUpperCase());
}

const WORKERS = { inbound: "deliver", outbound: "send", media: "carry" };

function bell({ queue, about, failed }) {
  const raw = about.filter((one) => one.includes(":")).length;
  const works = [
    about.length - raw && counted(about.length - raw, "conversation"),
    raw && counted(raw, "thing that was put aside", "things that were put aside"),
  ].filter(Boolean);
  const worker = WORKERS[queue] ?? queue;
  return {
    station: "bell",
    words: `A bell rings: ${worker} takes up ${works.join(" and ")}${failed ? `, and ${failed} has to come again` : ""}`,
    tone: failed ? "hitch" : "",
    noise: false,
    lit: [queue, worker],
  };
}

const KINDS = {
  door,
  bell,
  line: tellLine,
  webhook: knocked,
  event: knocked,
  pressed: knocked,
  call: (change) => (change.source === "slack" ? slackCall(change) : providerCall(change)),
  clock: ({ name, ms, failed }) => ({
    station: "clock",
    words: `The clock ticks: ${name}${failed ? " broke" : ""}, ${ms} ms`,
    tone: failed ? "failure" : "",
    noise: !failed,
  }),
  pulled: ({ words }) => ({ station: "fault", words, noise: false }),
};

const LIT = {
  webhook: ["provider", "receive"],
  record: [],
  post: ["deliver", "slack"],
  reply: ["slack", "reply"],
  send: ["send", "provider"],
  receipt: ["provider", "receive"],
};

const BELLS = new Set(["bell", "about"]);

// Which of a change's words are ids, and what each is called on its chip; of two with the same id the first stays.
const IDS = [
  ["conversation", "conversation"],
  ["bell", "conversation"],
  ["about", "conversation"],
  ["item", "item"],
  ["id", "message"],
  ["their_id", "message"],
  ["ts", "ts"],
  ["post", "post"],
  ["thread", "thread"],
  ["thread_ts", "thread"],
  ["raw", "raw"],
  ["event_id", "event"],
];

// A bell such as `raw:…` is about something else than a conversation.
function idsOf(change) {
  const found = new Map();
  for (const [field, what] of IDS) {
    for (const value of [change[field]].flat()) {
      const id = String(value ?? "");
      const other = BELLS.has(field) && id.includes(":");
      if (id && !other && !found.has(id)) found.set(id, { what, id });
    }
  }
  return [...found.values()];
}

// Telegram numbers the messages of each chat from one on; on record the chat stands before the number.
function named(change, source) {
  return source === "telegram" && change.id ? { ...change, id: `${change.who}:${change.id}` } : change;
}

/** Tell a change: { station, words, tone: "" | remedy | hitch | failure, noise, lit, ids }. */
export function tell(change, knocking) {
  const told = KINDS[change.kind]?.(change, knocking) ?? { station: change.kind, words: change.kind, noise: true };
  const ids = idsOf(named(knocking ? { ...knocking, ...change } : change, knocking?.source ?? change.source));
  return { tone: "", ...told, ids, lit: told.lit ?? LIT[told.station] ?? [] };
}
