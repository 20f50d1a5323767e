// What this window looks at: whose phone, whose Slack, which thread. Kept in this browser, told to nobody.

import { touch } from "./world.js";

const KEY = "threadline";

const THEMES = ["system", "light", "dark"];

const defaults = {
  theme: "system",
  person: "", // key of the customer whose phone is shown
  medium: {}, // customer -> the medium last chosen
  seen: {}, // medium and address -> when its phone was last read, in ms
  people: [], // customers added here, see phone/people.js
  removed: [], // the digits of those taken away again
  me: "", // whose Slack it is, "" for the first of the team
  channel: "",
  thread: "", // ts of the thread's first message, "" when none is open
  home: false, // whether the app's Home is shown instead
  follow: true, // whether the newest thread opens by itself
  read: {}, // user -> channel or channel/thread -> ts of the last message read
  between: false, // whether the flow is open
  tab: "flow",
  height: 0, // of the flow, in per cent of the window; 0 for the usual
};

function load() {
  try {
    return sound(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
  } catch {
    return { ...defaults }; // storage is forbidden or was written by something else: begin anew
  }
}

/** Take what is of the kind it should be; the rest is as at the beginning. */
function sound(stored) {
  const kept = Object.entries(defaults).map(([name, usual]) => [name, alike(stored[name], usual) ? stored[name] : usual]);
  const view = Object.fromEntries(kept);
  view.people = view.people.filter((one) => alike(one, {}) && alike(one.name, "") && alike(one.number, ""));
  view.removed = view.removed.filter((digits) => alike(digits, ""));
  if (!THEMES.includes(view.theme)) view.theme = defaults.theme;
  return view;
}

function alike(one, other) {
  return typeof one === typeof other && one !== null && Array.isArray(one) === Array.isArray(other);
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
