// What this window looks at: whose phone, whose Slack, which thread. Kept in this browser, told to nobody.

import { touch } from "./world.js";

const KEY = "threadline";

const defaults = {
  theme: "system",
  person: "", // key of the customer whose phone is shown
  medium: {}, // customer -> the medium last chosen
  people: [], // customers added here, see people.js
  me: "U0BOB", // whose Slack it is
  channel: "",
  thread: "", // ts of the thread's first message, "" when none is open
  read: {}, // user -> channel or channel/thread -> ts of the last message read
  between: false, // whether the flow is open
  tab: "flow",
};

function load() {
  try {
    return { ...defaults, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...defaults }; // storage is forbidden or was written by something else: begin anew
  }
}

export const view = load();

/** Change what is looked at, and remember it. */
export function look(changes) {
  Object.assign(view, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(view));
  } catch {
    // where storage is forbidden, the view lasts as long as the page
  }
  touch("view");
}
