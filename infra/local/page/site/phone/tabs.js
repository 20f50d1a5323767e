// The media as tabs above the phone, with a dot where something new has come.

import { h } from "../ground/dom.js";
import { fullName, MEDIA } from "./media.js";
import { inHand, mediaOf, unreadOf } from "./pocket.js";
import { look, view } from "../ground/view.js";

/** Make the tabs; `turned` is called when another one was chosen. */
export function makeTabs(turned) {
  const tabs = new Map(MEDIA.map((medium) => [medium.key, makeTab(medium, choose)]));
  const about = { role: "tablist", "aria-label": "Where they write", onkeydown: move };
  const root = h("div.ph-tabs", about, [...tabs.values()].map((tab) => tab.root));
  return { root, draw };

  function draw({ person, medium: open }) {
    const there = mediaOf(person);
    for (const medium of MEDIA) tabs.get(medium.key).draw(there.includes(medium), medium === open, person);
  }

  function move(event) {
    const { person, medium } = inHand();
    const there = mediaOf(person);
    const at = there.indexOf(medium);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = there.at(to % there.length);
    choose(next);
    tabs.get(next.key).root.focus();
  }

  function choose(medium) {
    const { person } = inHand();
    look({ person: person.key, medium: { ...view.medium, [person.key]: medium.key } });
    turned();
  }
}

function makeTab(medium, choose) {
  const news = h("span.unseen");
  const dot = h("span.ph-dot", { hidden: true });
  const by = h("span.ph-tab-by", { "aria-hidden": "true" }, medium.provider);
  const root = h(
    "button.ph-tab",
    { type: "button", role: "tab", id: `tab-${medium.key}`, "aria-controls": "phone", onclick: () => choose(medium) },
    h("span.ph-tab-name", { "aria-hidden": "true" }, medium.name),
    h("span.unseen", {}, fullName(medium)),
    by,
    news,
    dot,
  );
  return { root, draw };

  function draw(there, open, person) {
    const count = there ? unreadOf(person, medium).length : 0;
    root.hidden = !there;
    root.setAttribute("aria-selected", String(open));
    root.tabIndex = open ? 0 : -1;
    dot.hidden = !count;
    news.textContent = count ? `, ${count} unread` : "";
  }
}
