// The right side of the page: a little Slack, drawn from what the stand-in tells, and its side with the channels.

import { announce, fill, h, list } from "../ground/dom.js";
import { view } from "../ground/view.js";
import { counted, inWords } from "../ground/words.js";
import { on, world } from "../ground/world.js";
import { closeModals, follow, linked } from "./acts.js";
import { forgetDrafts } from "./composer.js";
import { Home } from "./home.js";
import { avatarOf, icon, named } from "./message-parts.js";
import { Modals } from "./modal.js";
import { Channel, Thread } from "./pane.js";
import { become, channelsOf, hasHome, isAside, isGuest, isMember, openChannel, openHome } from "./place.js";
import { openThread, people, place, stayInThread, unread } from "./place.js";

const MANY = 99;
const WORK = ["pointerdown", "keydown", "focusin", "click"]; // what tells that somebody is at work in a pane
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
  on(["live"], () => world.live === "live" && forgive(frame));
  drawAway(away);
  fill(frame, away);
}

function makeApp(frame) {
  const sidebar = new Sidebar();
  const channel = new Channel({ focusThread: () => thread.focus() });
  const thread = new Thread({ closed: (ts) => afterFrame(() => channel.focus(ts)) });
  const home = new Home();
  const parts = [sidebar.element, channel.element, home.element, thread.element];
  const leave = () => (home.element.hidden ? channel.pane.focus() : home.body.focus());
  const modals = new Modals(frame, [sidebar.rooms, ...parts.slice(1)], leave);
  let shown = null;
  frame.addEventListener("click", stayHere, { capture: true });
  for (const pane of [channel, thread]) {
    for (const sign of WORK) pane.element.addEventListener(sign, stayInThread, { capture: true, passive: true });
  }
  return {
    parts,
    isShown: () => sidebar.element.isConnected,
    draw(where) {
      if (shown !== world.slack) forgetDrafts(isThere);
      shown = world.slack;
      const thereIsThread = Boolean(where.thread) && !where.home;
      frame.toggleAttribute("data-thread", thereIsThread);
      channel.element.hidden = where.home;
      thread.element.hidden = !thereIsThread;
      sidebar.draw(where);
      home.draw(where);
      if (!where.home) {
        channel.draw(where);
        thread.draw(where);
      }
      modals.draw(where.me);
    },
  };
}

function isThere(id, thread) {
  const channel = world.slack.channels.get(id);
  return channel !== undefined && (!thread || channel.all.has(thread));
}

// Nobody has to be told any more that nothing could be reached.
function forgive(frame) {
  for (const problem of frame.querySelectorAll(".problem[data-away]")) fill(problem);
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
  if (link.closest(".modals")) closeModals(place().me).catch((error) => announce(inWords(error)));
  follow(link.href, openThread);
}

function drawAway(away) {
  const real = world.about.services?.slack === "real";
  const [title, words] = real ? REAL : world.live === "connecting" ? OPENING : AWAY;
  fill(away, h("p.strong", {}, title), h("p", {}, words));
}

class Sidebar {
  #isUnfolded = false; // whether the other channels are shown
  #open = ""; // id of the channel shown
  #tallies = new WeakMap(); // channel -> { me, turn, read, found }
  #drawn = []; // the users and the person the people were drawn for

  constructor() {
    this.name = h("p.workspace");
    this.channels = h("ul", { "aria-labelledby": "slack-channels" });
    this.others = h("ul", { id: "slack-others", "aria-label": "Other channels" });
    const about = { type: "button", "aria-controls": "slack-others", onclick: () => this.#fold(!this.#isUnfolded) };
    this.folder = h("button.folder", about, icon("fold"), "Other channels");
    this.app = h("button.room", { type: "button", onclick: openHome }, h("img.room-sign", { src: "icon.svg", alt: "" }), "Threadline");
    this.apps = h("div", {}, h("h3", { id: "slack-apps" }, "Apps"), h("ul", { "aria-labelledby": "slack-apps" }, h("li", {}, this.app)));
    this.people = h("div.people", { role: "radiogroup", "aria-labelledby": "slack-people" });
    const channels = h("h3", { id: "slack-channels" }, "Channels");
    this.rooms = h("div.rooms", {}, channels, this.channels, this.folder, this.others, this.apps);
    this.element = h(
      "nav.sidebar",
      { "aria-label": "Slack" },
      this.name,
      this.rooms,
      h("div.viewers", {}, h("h3", { id: "slack-people" }, "Viewing as"), this.people),
    );
  }

  draw(where) {
    this.where = where;
    const { me } = where;
    const open = where.home ? "" : where.channel;
    this.apps.hidden = !hasHome(me);
    if (where.home) this.app.setAttribute("aria-current", "page");
    else this.app.removeAttribute("aria-current");
    this.name.textContent = world.slack.team.name ?? "Threadline";
    const seen = channelsOf(me);
    const aside = seen.filter((channel) => isAside(channel, me));
    if (open !== this.#open && aside.some(({ id }) => id === open)) this.#isUnfolded = true;
    this.#open = open;
    const rooms = seen.filter((channel) => !aside.includes(channel)).map((channel) => this.#describe(channel));
    const others = aside.map((channel) => this.#describe(channel)).filter((one) => this.#isUnfolded || matters(one));
    this.folder.hidden = aside.length === 0;
    this.folder.setAttribute("aria-expanded", this.#isUnfolded);
    list(this.channels, rooms, ({ id }) => id, room, lookOf);
    list(this.others, others, ({ id }) => id, room, lookOf);
    this.#drawPeople(me);
  }

  #drawPeople(me) {
    if (this.#drawn[0] === world.slack.users && this.#drawn[1] === me) return;
    this.#drawn = [world.slack.users, me];
    const viewers = people().map((user) => ({ user, id: user.id, chosen: user.id === me }));
    list(this.people, viewers, ({ id }) => id, viewer, ({ id, chosen }) => `${named(id)}/${chosen}`);
  }

  #fold(isUnfolded) {
    this.#isUnfolded = isUnfolded;
    this.draw(this.where);
  }

  #describe(channel) {
    const { id, name, is_private, is_archived, is_ext_shared } = channel;
    const inside = isMember(channel, this.where.me);
    const about = { id, name, is_private, is_archived, is_ext_shared, inside, open: id === this.#open };
    return { ...about, ...this.#tally(channel) };
  }

  // Counted anew only when something was written there, or read.
  #tally(channel) {
    const { me } = this.where;
    const read = view.read[me];
    const known = this.#tallies.get(channel);
    if (known?.me === me && known.turn === channel.turn && known.read === read) return known.found;
    const found = unread(channel, me);
    this.#tallies.set(channel, { me, turn: channel.turn, read, found });
    return found;
  }
}

// As in Slack, a folded group still shows the channel one is in and those with something new.
const matters = ({ open, count, mentions }) => open || count > 0 || mentions > 0;

const lookOf = (about) => Object.values(about).join("/");

function room(about) {
  const { id, name, open, count, mentions, inside } = about;
  const sign = about.is_private ? "lock" : about.is_archived ? "archive" : "hash";
  const button = {
    type: "button",
    title: name,
    "aria-current": open ? "page" : null,
    "aria-label": spoken(about),
    "data-key": id,
    "data-fresh": count > 0,
    "data-outside": !inside || about.is_archived,
    onclick: () => openChannel(id),
  };
  return h(
    "li",
    {},
    h(
      "button.room",
      button,
      icon(sign),
      h("span.room-name", {}, name),
      about.is_ext_shared ? icon("shared") : null,
      mentions ? h("span.badge", {}, mentions > MANY ? `${MANY}+` : String(mentions)) : null,
    ),
  );
}

function spoken({ name, is_private, is_archived, is_ext_shared, inside, count, mentions }) {
  return [
    name,
    is_private && "private",
    is_archived && "archived",
    is_ext_shared && "shared with another company",
    !inside && "not joined",
    count > 0 && `${count > MANY ? `more than ${MANY}` : count} unread`,
    mentions > 0 && counted(mentions, "mention"),
  ]
    .filter(Boolean)
    .join(", ");
}

function viewer({ user, chosen }) {
  const choose = () => become(user.id);
  const radio = { type: "radio", name: "viewing-as", checked: chosen, "data-key": user.id, onchange: choose };
  return h(
    "label.viewer",
    { "data-chosen": chosen },
    h("input", radio),
    avatarOf(user, "small"),
    h("span.viewer-name", {}, named(user.id)),
    isGuest(user) ? h("span.guest", {}, "guest from another company") : null,
  );
}
