// The right side of the page: a little Slack, drawn from what the stand-in tells.

import { Channel } from "./channel.js";
import { fill, h } from "../ground/dom.js";
import { Sidebar } from "./sidebar.js";
import { follow, linked } from "./acts.js";
import { openThread, place } from "./place.js";
import { Thread } from "./thread.js";
import { on, world } from "../ground/world.js";

const OPENING = ["Opening Slack …", ""];
const AWAY = ["Slack is away.", "It comes back by itself as soon as its stand-in runs again."];
const REAL = [
  "The team is in your own Slack.",
  "This stack talks to the real Slack. Write something on a phone, and look into your support channel there.",
];

/** Begin the little Slack in an element of the page. */
export function startSlack(root) {
  const frame = h("div.slack");
  const app = makeApp(frame);
  const away = h("div.elsewhere", { role: "note" });
  root.append(frame);
  on(["slack", "view", "about", "live"], () => {
    if (!world.slack) {
      if (app.isShown() || !away.isConnected) fill(frame, away);
      drawAway(away);
      return;
    }
    if (!app.isShown()) fill(frame, app.parts);
    app.draw(place());
  });
  drawAway(away);
  fill(frame, away);
}

function makeApp(frame) {
  const sidebar = new Sidebar();
  const channel = new Channel({ focusThread: () => thread.focus() });
  const thread = new Thread({ closed: (ts) => afterFrame(() => channel.focus(ts)) });
  const parts = [sidebar.element, channel.element, thread.element];
  frame.addEventListener("click", stayHere, { capture: true });
  return {
    parts,
    isShown: () => sidebar.element.isConnected,
    draw(where) {
      frame.toggleAttribute("data-thread", Boolean(where.thread));
      sidebar.draw(where);
      channel.draw(where);
      thread.draw(where);
    },
  };
}

// What has just been asked for is drawn in the next frame; only then can the focus go there.
function afterFrame(act) {
  requestAnimationFrame(() => setTimeout(act));
}

// A link to a message of this workspace leads to it here, wherever it stands.
function stayHere(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey || !linked(link.href)) return;
  event.preventDefault();
  follow(link.href, openThread);
}

function drawAway(away) {
  const real = world.about.services?.slack === "real";
  const [title, words] = real ? REAL : world.live === "connecting" ? OPENING : AWAY;
  fill(away, h("p.strong", {}, title), h("p", {}, words));
}
