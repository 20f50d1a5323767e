// The page begins here: three parts, each drawn by its own module out of what the stand-ins tell.

import { startFlow } from "./flow/flow.js";
import { goLive } from "./ground/live.js";
import { startPhone } from "./phone/phone.js";
import { startSlack } from "./slack/slack.js";
import { look, view } from "./ground/view.js";
import { on, world } from "./ground/world.js";

const THEMES = { system: "system", light: "light", dark: "dark" };
const STANDING = {
  connecting: "Connecting …",
  live: "Live",
  away: "Threadline is not running. Start it with make run; this page goes on by itself.",
};

function drawTheme() {
  const root = document.documentElement;
  if (view.theme === "system") root.removeAttribute("data-theme");
  else root.dataset.theme = view.theme;
  document.getElementById("theme").textContent = `Theme: ${THEMES[view.theme]}`;
}

function nextTheme() {
  const names = Object.keys(THEMES);
  look({ theme: names[(names.indexOf(view.theme) + 1) % names.length] });
}

function drawStanding() {
  const place = document.getElementById("standing");
  place.textContent = STANDING[world.live];
  place.dataset.live = world.live;
  document.body.dataset.live = world.live;
}

document.getElementById("theme").addEventListener("click", nextTheme);
on(["view"], drawTheme);
on(["live"], drawStanding);
drawTheme();
startPhone(document.getElementById("customers"));
startSlack(document.getElementById("team"));
startFlow(document.getElementById("between"));
goLive();
