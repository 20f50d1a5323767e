// The stations on the way, there and back; one lights up for a moment when something passes through it.

import { h } from "../ground/dom.js";

const ENDS = [
  ["customer", "Customer"],
  ["provider", "Provider"],
];
const THERE = [
  ["receive", "receive"],
  ["inbound", "inbound.fifo"],
  ["deliver", "deliver"],
];
const BACK = [
  ["send", "send"],
  ["outbound", "outbound.fifo"],
  ["reply", "reply"],
];

const WORDS =
  "A message goes from the customer through the provider, receive, inbound.fifo and deliver to Slack; " +
  "an answer from Slack through reply, outbound.fifo, send and the provider to the customer.";

const places = new Map();

/** Make the diagram. The log says the same in words, so nobody needs to see it. */
export function stations() {
  const there = THERE.flatMap((one) => [arrow("there"), place(one, "there")]);
  const back = BACK.flatMap((one) => [arrow("back"), place(one, "back")]);
  return h(
    "div.stations",
    { role: "img", "aria-label": WORDS },
    ENDS.flatMap((one, number) => [number > 0 && arrow("both"), place(one, "both")]),
    there,
    arrow("there"),
    back,
    arrow("back"),
    place(["slack", "Slack"], "both"),
  );
}

function place([name, words], way) {
  const made = h("span.station", { dataset: { way, station: name } }, words);
  places.set(name, made);
  return made;
}

function arrow(way) {
  return h("span.station-arrow", { dataset: { way } });
}

/** Light up the stations that these steps passed through. */
export function light(steps) {
  const lit = new Map();
  for (const { lit: names, tone } of steps) for (const name of names) lit.set(name, tone);
  for (const [name, tone] of lit) {
    const at = places.get(name);
    if (!at) continue;
    // Two names for one animation: a change of the name begins it anew, without asking for the layout.
    at.dataset.lit = at.dataset.lit === "a" ? "b" : "a";
    at.dataset.tone = tone;
  }
}
