// Everything that can be made to go wrong: what is done, and what Threadline should do about it.

/** Calls: more than anybody counts, so it is as good as until somebody puts it right. */
export const LASTS = 1000;

const POST = "chat.postMessage";

const SLACK = [
  {
    title: "Slack is too busy",
    does: "The next 3 posts are answered 429, Retry-After 5.",
    expect: "Threadline waits as long as Slack says, and posts once.",
    way: "fail",
    plan: { method: POST, how: { status: 429, retry_after: 5 } },
    times: 3,
  },
  {
    title: "Slack is down",
    does: "The next call is answered 500.",
    expect:
      "Threadline does not know what was done, so it looks in the thread before it posts again: about a minute.",
    way: "fail",
    plan: { method: "*", how: { status: 500 } },
    times: 1,
  },
  {
    title: "The line to Slack breaks",
    does: "The next post never reaches Slack.",
    expect: "Threadline looks in the thread about a minute later, does not find it, and posts it.",
    way: "fail",
    plan: { method: POST, how: { drop: "before" } },
    times: 1,
  },
  {
    title: "Slack's answer is lost",
    does: "Slack takes the next post, but its answer never arrives.",
    expect: "Threadline finds its post in the thread about a minute later, and does not post it again.",
    way: "fail",
    plan: { method: POST, how: { drop: "after" } },
    times: 1,
  },
  {
    title: "Slack tells everything twice",
    does: "Every event comes once more.",
    expect: "Each reply goes out once.",
    way: "repeat",
  },
  {
    title: "Slack holds its events back",
    does: "What the team writes waits until you turn this off; then it arrives in reverse order.",
    expect: "The replies still go out in the order they were written, none twice.",
    way: "hold",
  },
  {
    title: "Slack refuses our token",
    does: "Every call is answered token_revoked.",
    expect: "Threadline stops posting, keeps everything on record, and tries again every three minutes.",
    way: "fail",
    plan: { method: "*", how: { error: "token_revoked" } },
    times: LASTS,
  },
  {
    title: (desk) => `#${desk?.name ?? "support"} is archived`,
    name: "archived",
    does: "Nobody can post in the channel of the desk.",
    expect:
      "Threadline tells the administrators, keeps everything, and posts it a few minutes after the channel is back.",
    way: "archive",
  },
].map((one) => ({ ...one, standIn: "slack" }));

const PROVIDERS = {
  twilio: {
    name: "Twilio",
    send: "POST",
    refuses: {
      how: { error: 30003, late: true },
      does: "The next message is taken, and then reported as failed: 30003, the phone is off.",
    },
    found:
      "A receipt tells that it went out, or Twilio's own list about a minute later. Threadline does not send it twice.",
    down:
      "Threadline asks a minute later what Twilio has sent, and only then tries again; after three tries the thread says so.",
  },
  whatsapp: {
    name: "WhatsApp",
    send: "/messages",
    refuses: { how: { error: 131026 }, does: "The next message is refused: 131026, message undeliverable." },
    found: "The receipt names our own id, which settles it. Threadline does not send it twice.",
    down: "Nobody can say whether it went out, so after about six minutes the thread asks a person.",
  },
  telegram: {
    name: "Telegram",
    send: "/sendMessage",
    refuses: {
      how: { error: 400, description: "chat not found" },
      does: "The next message is refused: 400, chat not found.",
    },
    found:
      "Nobody can say whether it went out, so about a minute later the thread asks a person: Send again, or It arrived?",
    down: "Nobody can say whether it went out, so about a minute later the thread asks a person.",
  },
};

function provider([standIn, { name, send, refuses, found, down }]) {
  return [
    {
      title: `${name} is down`,
      does: "Sending is answered 503, until you turn this off.",
      expect: down,
      way: "fail",
      plan: { on: send, how: { status: 503 } },
      times: LASTS,
    },
    {
      title: `${name} is too busy`,
      does: "The next 3 messages are answered 429, Retry-After 5.",
      expect: "Threadline waits as long as it is told to, and sends once.",
      way: "fail",
      plan: { on: send, how: { status: 429, retry_after: 5 } },
      times: 3,
    },
    {
      title: `${name}'s answer is lost`,
      does: "The next message goes out, but the answer to us never arrives.",
      expect: found,
      way: "fail",
      plan: { on: send, how: { drop: "after" } },
      times: 1,
    },
    {
      title: `${name} refuses a message`,
      does: refuses.does,
      expect: "The thread says below the reply that it was not delivered, and why.",
      way: "fail",
      plan: { on: send, how: refuses.how },
      times: 1,
    },
    {
      title: `${name} tells everything twice`,
      does: "Every webhook comes once more.",
      expect: "Each message stands in the thread once.",
      way: "repeat",
    },
  ].map((one) => ({ ...one, standIn }));
}

const CUSTOMER = [
  {
    title: "The customer blocks us",
    does: "This customer blocks you on this channel.",
    expect: "The next reply is not delivered, and the thread says why.",
    way: "block",
  },
  {
    title: "Let 25 hours pass",
    does: "25 hours pass: WhatsApp now allows no free text until they write again.",
    expect: "The next reply is not delivered, and the thread says why.",
    way: "close",
    once: true, // it cannot be turned back
  },
];

function keyed(one) {
  return { ...one, key: `${one.standIn ?? "customer"} ${one.name ?? one.title}` };
}

/** The switches in their groups; those of a provider are shown for one at a time. */
export const GROUPS = [
  { title: "Slack", of: "slack", switches: SLACK.map(keyed) },
  ...Object.entries(PROVIDERS).map(([standIn, about]) => ({
    title: about.name,
    standIn,
    switches: provider([standIn, about]).map(keyed),
  })),
  { title: "The customer", switches: CUSTOMER.map(keyed) },
];

export const SWITCHES = GROUPS.flatMap(({ switches }) => switches);
