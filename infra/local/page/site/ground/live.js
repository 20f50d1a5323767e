// The line to the stack: the whole state once, then every change as it happens, for as long as somebody looks.

import { apply, begin, touch, world } from "./world.js";

const AGAIN = 700; // ms until the next try to reach a stack that is away

let stream = null;
let place = null; // { boot, at } of the last change seen
let starting = false;

/** Be live from now on, through restarts of the stack. */
export function goLive() {
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  listen();
}

async function listen() {
  if (stream || starting || document.hidden) return;
  starting = true;
  try {
    if (!place) await fetchAll();
    follow();
  } catch {
    away(); // it may be starting just now, so this is no error to show but a state to be in
  } finally {
    starting = false;
  }
}

async function fetchAll() {
  // Without Slack there are none, and all else works.
  const emoji = fetched("emoji").then((named) => named.emoji ?? {}, () => world.emoji);
  const state = await fetched("state", { cache: "no-store" });
  begin({ ...state, emoji: await emoji });
  place = { boot: state.boot, at: state.at };
}

async function fetched(what, how) {
  const answer = await fetch(what, how);
  if (!answer.ok) throw new Error(`/${what} answered ${answer.status}`);
  return answer.json();
}

function follow() {
  stream = new EventSource(`live?boot=${place.boot}&after=${place.at}`);
  stream.onopen = () => say("live");
  stream.onmessage = ({ data }) => {
    const change = JSON.parse(data);
    place.at = change.n;
    apply(change);
  };
  stream.addEventListener("stale", () => {
    rest();
    place = null;
    listen();
  });
  stream.onerror = away;
}

// A browser lets a page have six lines to one address, so a page nobody looks at gives its own back.
function rest() {
  stream?.close();
  stream = null;
}

function away() {
  rest();
  say("away");
  setTimeout(listen, AGAIN);
}

function say(live) {
  world.live = live;
  touch("live");
}

/** Pull one of a stand-in's strings; gives what it answers, throws what it says against it. */
export async function pull(standIn, verb, about = {}) {
  const answer = await fetch(`pull/${standIn}/${verb}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(about),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? `${standIn} answered ${answer.status}`);
  return said;
}
