// The application's own lines, each as a sentence at a station, and how any sentence names things.

import { glyph } from "../blocks/emoji.js";
import { counted, service } from "../ground/words.js";
import { world } from "../ground/world.js";

// To the second, and to the thousandth of one; kept, since to make one takes longer than to write a row.
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const COARSE = new Intl.DateTimeFormat([], CLOCK);
const FINE = new Intl.DateTimeFormat([], { ...CLOCK, fractionalSecondDigits: 3 });
const SHORT = 6;

/** Name a Slack channel, by its id where nobody knows its name. */
export function channel(id) {
  const name = world.slack?.channels.get(id)?.name;
  return name ? `#${name}` : (id ?? "Slack");
}

/** Name somebody in Slack. */
export function person(id) {
  const user = world.slack?.users.get(id);
  return user?.real_name || user?.name || id || "Somebody";
}

/** Write a moment (ms) to the second, or to the thousandth of one. */
export function moment(ms, fine = true) {
  return (fine ? FINE : COARSE).format(ms);
}

/** Shorten an id to the end of it, where ids differ. */
export function short(id) {
  const bare = id.replace(/=+$/, "");
  return bare.length <= SHORT + 4 ? bare : `…${bare.slice(-SHORT)}`;
}

const EVENTS = {
  MessageReceived: "a message",
  MessageEdited: "an edited message",
  MessageDeleted: "a message taken back",
  Reacted: "a reaction",
  Receipt: "a receipt",
  ContactChanged: "a contact that changed",
  OptedOut: "a wish to hear no more",
  OptedIn: "a wish to hear from us again",
  Unknown: "something unknown",
};

// What was done to a message afterwards, as the log calls it.
const DONE_TO_IT = { correction: "edit", recall: "deletion", nod: "reaction" };

const article = (word) => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`);

// How sending to the customer ended.
const OUTCOMES = {
  Ok: ["It is sent, and on record with the provider's id", ""],
  Busy: ["Not sent yet: they ask us to wait, so it waits and is sent then", "remedy"],
  Ambiguous: ["Perhaps sent: nobody knows, so it is looked up before anything is sent again", "hitch"],
  Refused: ["Not sent: they refuse it, and the thread will say so", "failure"],
  Closed: ["Not sent: the 24 hours to answer in are over, and the thread will say so", "failure"],
  Ours: ["Not sent: our side is misconfigured (token, account), so it waits and is tried again", "hitch"],
};

// Why a reply was not even tried.
const REASONS = {
  "opted out": "the customer wants to hear nothing more",
  "window closed": "the 24 hours to answer in are over",
  "too long": "it is too long",
  unheard: "it was edited before we heard of it, and may have been a note",
  expired: "it has waited for more than a day",
  "no route": "nobody knows where to send it",
};

// What looking for a reply at the provider came to.
const FOUND = {
  Ok: ["It was sent after all: found, and not sent again", "remedy"],
  Absent: ["It never went out: so it can be sent again", "remedy"],
  CannotTell: ["The provider cannot tell whether it went out", "hitch"],
};

// How doing something in Slack ended, when it was not done.
const UNDONE = {
  Busy: [(what) => `${what} has to wait, since Slack asks us to`, "remedy"],
  Ambiguous: [(what, again) => `Nobody knows whether Slack has ${what.toLowerCase()}: ${again}`, "hitch"],
  Refused: [(what) => `${what} is refused by Slack`, "failure"],
  Closed: [(what) => `${what} is refused by Slack`, "failure"],
  Ours: [(what) => `${what} waits: our side is misconfigured (token, channel)`, "hitch"],
};

const LOOKED_UP = "it is looked for before it is made again";
const DRAWN_AGAIN = "it is drawn once more, which does no harm";

/** A line about something done in Slack: its name, what to say when it was done, and what follows if nobody knows. */
function inSlack(what, done, again = LOOKED_UP) {
  return {
    at: "post",
    says: (line) => {
      if (line.looked_up) return `${what} was there already: found, and not made again`;
      return UNDONE[line.outcome]?.[0](what, again) ?? done(line);
    },
    tone: ({ looked_up: found, outcome }) => (found ? "remedy" : (UNDONE[outcome]?.[1] ?? "")),
  };
}

const BAD_NEWS = { failed: "failure", undelivered: "failure", unknown: "hitch" };

function where({ system, name }) {
  if (system === "slack draws") return `what is drawn in ${service("slack")}/${channel(name)}`;
  return system === "slack" ? `${service(system)}/${channel(name)}` : `${service(system)}/${name}`;
}

function because({ why, error, where: places }) {
  const reason = why ?? error;
  const place = Array.isArray(places) ? places.at(-1) : "";
  return reason ? `: ${reason}${place ? ` at ${place}` : ""}` : "";
}

// A message that comes again has no new item.
function isRepeat({ what, item }) {
  return what === "MessageReceived" && !item;
}

const LINES = {
  "webhook.taken": {
    at: "record",
    says: (line) => {
      if (isRepeat(line)) return "On record already: nothing is written twice";
      const wish = line.wish ? `, with ${EVENTS[line.wish] ?? line.wish}` : "";
      return `On record: ${EVENTS[line.what] ?? line.what}${wish}${line.conversation ? ", and a bell is rung" : ""}`;
    },
    tone: (line) => (isRepeat(line) ? "remedy" : ""),
    noise: ({ what }) => what === "Receipt", // what it settles is a line of its own
  },
  "webhook.unverified": { at: "webhook", says: () => "The signature is wrong: nobody gets in", tone: "failure" },
  "webhook.unread": {
    at: "record",
    says: (line) => `Kept as it came, because it cannot be read yet${because(line)}`,
    tone: "failure",
  },
  "event.broke": {
    at: "record",
    says: (line) => `${EVENTS[line.what] ?? "Something"} could not be put on record${because(line)}; the rest goes on`,
    tone: "failure",
  },
  "unpack.broke": {
    at: "record",
    says: (line) => `A body that was put aside could not be taken apart${because(line)}; it waits for a person`,
    tone: "failure",
  },
  "webhook.kept": { at: "record", says: ({ reason }) => `Kept as it came (${reason})` },
  "thread.opened": inSlack("The thread", (line) => `The conversation has its thread in ${channel(line.channel)}`),
  "thread.moved": {
    at: "record",
    says: ({ before, channel: there }) => `The conversation goes on in ${channel(there)}, and no more in ${channel(before)}`,
  },
  "post.made": inSlack("The post", ({ together }) => {
    return `The post${together ? `, ${together} messages in one,` : ""} stands in the thread, and is on record`;
  }),
  "file.carried": {
    at: "bell",
    says: ({ bytes, mime }) => `The file has come: ${counted(bytes, "byte")}${mime ? ` of ${mime}` : ""}`,
    lit: ["provider", "slack"],
  },
  "picture.kept": {
    at: "bell",
    says: ({ bytes }) => `Their picture has come: ${counted(bytes, "byte")}`,
    lit: ["provider"],
  },
  "picture.missed": {
    at: "bell",
    says: (line) => `Their picture is not to be had${because(line)}; the badge of their channel stands for them`,
  },
  "file.lost": {
    at: "bell",
    says: (line) => `The file will not come: ${line.reason}${because(line)}; the thread says so`,
    tone: "failure",
  },
  "file.waits": {
    at: "bell",
    says: (line) => `The file cannot be had now${because(line)}; it is asked for again`,
    tone: "hitch",
  },
  "file.broke": { at: "bell", says: (line) => `Carrying a file broke${because(line)}`, tone: "failure" },
  "files.shared": inSlack("The file", ({ together }) => {
    return `Slack has ${together ? `${together} messages with their files` : "the message with its file"}, and will show it`;
  }),
  "file.discarded": inSlack("The file", () => "The file that Slack did not show is deleted there"),
  "file.not_shown": {
    at: "post",
    says: (line) => `Slack does not show the file${because(line)}; it comes once more`,
    tone: "hitch",
  },
  "post.witnessed": { at: "post", says: () => "Slack tells by itself that the post stands" },
  "copy.found": { at: "post", says: () => "It stands in Slack twice: one of the two goes", tone: "hitch" },
  "copy.exchanged": { at: "record", says: () => "The first of the two is the one on record now", tone: "remedy" },
  "copy.removed": inSlack("The second copy", () => "The second copy is deleted", "it is deleted once more"),
  "copy.stays": { at: "post", says: (line) => `Slack will not delete the copy${because(line)}`, tone: "failure" },
  "post.not_looked_up": { at: "post", says: () => "Slack does not let us look for the post", tone: "hitch" },
  "card.drawn": inSlack("The card", () => "The card on top of the thread is up to date", DRAWN_AGAIN),
  "card.refused": { at: "post", says: (line) => `Slack refuses the card${because(line)}`, tone: "failure" },
  "mark.drawn": inSlack("The mark", ({ name }) => `The reply in Slack is marked ${glyph(name) ?? name}`, DRAWN_AGAIN),
  "change.taken": {
    at: "post",
    says: ({ what }) => `The ${what} is in the record of the message it is about`,
  },
  "post.drawn": inSlack("The post", () => "The post in Slack shows what is so by now", DRAWN_AGAIN),
  "face.drawn": inSlack(
    "The reaction",
    ({ name, off }) => (name ? `The customer's ${glyph(name) ?? name} stands at the message` : `${glyph(off) ?? off} is off again`),
    DRAWN_AGAIN,
  ),
  "verdict.posted": inSlack("The verdict", () => "The thread says what became of the reply"),
  "verdict.drawn": inSlack("The verdict", () => "The thread says what became of the reply now", DRAWN_AGAIN),
  "reply.recorded": {
    at: "record",
    says: ({ what }) => `On record: ${article(DONE_TO_IT[what] ?? what)}, ${what === "note" ? "which stays inside" : "and a bell is rung"}`,
  },
  "reply.edited": { at: "record", says: ({ state }) => `On record: the reply was edited (it is ${state})` },
  "reply.deleted": { at: "record", says: ({ state }) => `On record: the reply was taken back (it is ${state})` },
  "reply.repeated": { at: "record", says: () => "On record already: nothing is written twice", tone: "remedy" },
  "reply.sent": {
    at: "send",
    says: ({ outcome }) => OUTCOMES[outcome]?.[0] ?? `Sending it ended as ${outcome}`,
    tone: ({ outcome }) => OUTCOMES[outcome]?.[1] ?? "",
  },
  "reply.waits": { at: "send", says: () => "The reply waits for its files", tone: "hitch" },
  "reply.altered": {
    at: "send",
    says: ({ what, outcome }) => {
      const done = `The ${DONE_TO_IT[what] ?? what}`;
      return outcome === "Ok" ? `${done} has reached the customer's phone` : `${done} ended as ${outcome}`;
    },
    tone: ({ outcome }) => OUTCOMES[outcome]?.[1] ?? "",
  },
  "reply.held": {
    at: "send",
    says: () => "It waits: a post that may stand above it, from another address, is not settled yet",
    tone: "remedy",
  },
  "reply.refused": {
    at: "send",
    says: ({ reason }) => `Not even tried: ${REASONS[reason] ?? reason}. The thread will say so`,
    tone: "failure",
  },
  "reply.looked_up": {
    at: "send",
    says: ({ outcome }) => FOUND[outcome]?.[0] ?? `Looking for it ended as ${outcome}`,
    tone: ({ outcome }) => FOUND[outcome]?.[1] ?? "",
  },
  "receipt.settled": {
    at: "receipt",
    says: ({ said, state }) => `Receipt: ${said}${state && state !== said ? `; the reply stays ${state}` : ""}`,
    tone: ({ said }) => BAD_NEWS[said] ?? "",
  },
  "receipt.early": { at: "receipt", says: ({ state }) => `Receipt: ${state}, for something not known yet: it waits` },
  "press.taken": { at: "reply", says: ({ user, verb }) => `${person(user)} asks: ${verb}` },
  "room.changed": { at: "post", says: ({ channel: id }) => `${channel(id)} is not as it was: an administrator is told` },
  "room.not_told": { at: "post", says: (line) => `No administrator could be told${because(line)}`, tone: "failure" },
  "home.drawn": inSlack("The App Home", ({ user }) => `${person(user)} sees their queue on the App Home`, DRAWN_AGAIN),
  "people.joined": { at: "record", says: ({ user }) => `Two customers are one person${user ? `, says ${person(user)}` : ""}` },
  "people.parted": { at: "record", says: ({ user }) => `${person(user)} took that back: they are two people again` },
  "slack.nothing": { at: "reply", says: ({ why }) => `Nothing to do: it is ${why}`, noise: true },
  "slack.refused": {
    at: "post",
    says: (line) => `Slack refuses it${because(line)}; it is tried once more as plain text`,
    tone: "hitch",
  },
  "gate.closed": {
    at: "gate",
    says: (line) => `The gate of ${where(line)} is closed until ${moment(line.until, false)}`,
    tone: "remedy",
  },
  "gate.shut": {
    at: "gate",
    says: (line) => `The gate of ${where(line)} is closed until ${moment(line.until, false)}: it waits`,
    tone: "remedy",
  },
  "gate.ours": {
    at: "gate",
    says: (line) => `The gate of ${where(line)} is closed, tried again every three minutes${because(line)}`,
    tone: "hitch",
  },
  "thread.gone": {
    at: "post",
    says: (line) => `The thread is gone${because(line)}; the conversation goes on in a fresh one`,
    tone: "remedy",
  },
  "item.retried": { at: "bell", says: () => "What was given up has another life", tone: "remedy" },
  "webhook.dismissed": { at: "record", says: () => "A body that could not be read is nothing to us" },
  "operate.ordered": { at: "bell", says: (line) => `An operator asks for ${line.do}` },
  "operate.broke": { at: "bell", says: (line) => `What an operator asked for broke${because(line)}`, tone: "failure" },
  "replay.broke": { at: "record", says: (line) => `Reading it again broke${because(line)}`, tone: "failure" },
  "item.parked": { at: "post", says: (line) => `Given up${because(line)}`, tone: "failure" },
  "snooze.over": { at: "post", says: () => "The snooze is over: the conversation comes back" },
  "press.repeated": { at: "reply", says: () => "It was handed in before: nothing happens again" },
  "desk.answered": {
    at: "reply",
    says: ({ how, what, outcome }) =>
      outcome === "Ok"
        ? { said: "Tells whoever asked, and nobody else", shown: "Opens a modal", filled: `Fills the modal (${what})` }[how]
        : `Slack does not show it to whoever asked: ${outcome}`,
  },
  "templates.listed": {
    at: "send",
    says: ({ outcome }) => (outcome === "Ok" ? "Lists the templates of this line" : `The templates cannot be had: ${outcome}`),
  },
  "conversation.begun": { at: "reply", says: ({ user }) => `${person(user)} writes first: a conversation begins` },
  "press.outsider": { at: "reply", says: () => "A stranger to the team pressed a button: passed over", tone: "hitch" },
  "bell.lost": {
    at: "bell",
    says: ({ bells }) => `${counted(bells, "bell")} got lost: sweep rings again within a minute`,
    tone: "hitch",
  },
  "bell.broke": { at: "bell", says: (line) => `The work behind a bell broke${because(line)}`, tone: "failure" },
  "door.broke": { at: "webhook", says: (line) => `The door broke${because(line)}`, tone: "failure" },
  "door.not_set_up": { at: "webhook", says: (line) => `This door is not set up${because(line)}`, tone: "hitch" },
  "secrets.not_read": { at: "record", says: (line) => `The secrets cannot be read${because(line)}`, tone: "failure" },
  "ref.taken": { at: "send", says: () => "Something else stands under the provider's id", tone: "failure" },
  "missed.found": {
    at: "record",
    says: ({ messages, receipts, replies }) =>
      `Found in a list what never reached us: ${[
        [messages, "message"],
        [receipts, "receipt"],
        [replies, "reply", "replies"],
      ]
        .filter(([count]) => count)
        .map(([count, ...words]) => counted(count, ...words))
        .join(" and ")}`,
    tone: "remedy",
  },
  "missed.not_listed": {
    at: "record",
    says: (line) => `Not all of what we may have missed can be listed now${because(line)}`,
    tone: "hitch",
  },
  "missed.broke": { at: "record", says: (line) => `Taking in what we missed broke${because(line)}`, tone: "failure" },
  "watch.busy": { at: "clock", says: () => "Somebody is asking already for what we missed", noise: true },
  "due.unknown": { at: "clock", says: () => "Something is due that nobody knows", tone: "hitch" },
  swept: {
    at: "clock",
    says: ({ things, bells }) => `The clock finds ${counted(things, "thing")} due and rings ${counted(bells, "bell")}`,
    noise: ({ bells }) => !bells,
    tone: "remedy",
  },
};

const LEVELS = { ERROR: "failure", CRITICAL: "failure", WARNING: "hitch" };

/** Tell a line of the application: { station, words, tone, noise, lit }. */
export function tellLine(line) {
  const { at, says, tone = "", noise = false, lit } = LINES[line.event] ?? {
    at: "record",
    says: () => `${line.event}${because(line)}`,
    tone: LEVELS[line.level] ?? "",
  };
  return {
    station: at,
    words: says(line),
    tone: typeof tone === "function" ? tone(line) : tone,
    noise: typeof noise === "function" ? noise(line) : noise,
    lit,
  };
}
