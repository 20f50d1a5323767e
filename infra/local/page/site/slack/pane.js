// What a channel and a thread have in common: a head, messages, and a place to write below them.

import { Composer } from "./composer.js";
import { fill, h } from "../ground/dom.js";
import { askToDelete, editor, isOwn } from "./message-actions.js";
import { MessageList } from "./message-list.js";
import { summary } from "./message-words.js";
import { pickEmoji } from "./picker.js";
import { contextOf, edit, join, react, remove, say } from "./acts.js";
import { isMember, openThread, stay } from "./place.js";
import { world } from "../ground/world.js";

const dismissed = new Set(); // ts of messages that were only for one person and have been put away

export class Pane {
  #spot = null;

  /** `reply(ts)` opens a thread to write in it. */
  constructor({ reply }) {
    this.reply = reply;
    this.list = new MessageList({ act: (...what) => this.#act(...what), leave: () => this.focus() });
    this.composer = new Composer({ send: (...what) => this.#say(...what), up: () => this.#editLast() });
    this.composer.field.addEventListener("input", stay, { passive: true });
    this.below = h("div.below");
  }

  /** Show { me, channel, thread } with these messages; the label is what the field to write in says. */
  show({ me, channel, thread }, keys, { name, label }) {
    const closed = channel.is_archived || !isMember(channel, me);
    const get = (ts) => channel.all.get(ts) ?? world.slack.ephemerals.get(ts);
    const spot = { me, channel, channelId: channel.id, thread, world: world.slack, closed, name };
    this.#spot = { ...spot, ctx: (message) => contextOf(message, channel.id, me, openThread), do: this.#doing() };
    this.list.show(this.#spot, withEphemerals(keys, channel.id, thread, me), get);
    this.composer.at({ key: `${me}/${channel.id}/${thread}`, label, also: thread && channel.name, ...ids(spot) });
    this.#drawBelow(closed, channel, me);
  }

  focus() {
    if (this.composer.element.isConnected) this.composer.focus();
    else this.below.querySelector("button")?.focus();
  }

  #say(words, place, also) {
    if (place.channel === this.#spot.channelId && place.thread === this.#spot.thread) this.list.toEnd();
    return say(words, place, also);
  }

  #doing() {
    return {
      open: (ts) => this.reply(ts),
      react: (message, name) => this.#try(react(message, this.#spot.channelId, this.#spot.me, name)),
      pick: (message, button) => this.#act("react", message, button),
      dismiss: (ts) => {
        dismissed.add(ts);
        world.slack.ephemerals.delete(ts);
        this.redraw();
      },
    };
  }

  redraw = () => {};

  #act(name, message, button) {
    const { me, channelId } = this.#spot;
    if (name === "reply") this.reply(message.thread_ts ?? message.ts);
    if (name === "edit") this.#edit(message);
    if (name === "remove") this.#remove(message);
    if (name === "react") pickEmoji(button, (emoji) => this.#try(react(message, channelId, me, emoji)));
  }

  #edit(message) {
    const { me, channelId } = this.#spot;
    stay();
    this.list.edit(message.ts, (done) =>
      editor(message, {
        me,
        save: (words) => edit(message, channelId, words),
        done: () => {
          done();
          this.focus();
        },
      }),
    );
  }

  async #remove(message) {
    const { channelId } = this.#spot;
    if (await askToDelete(summary(message))) await this.#try(remove(message, channelId));
    else this.list.go(message.ts);
  }

  #editLast() {
    const { channel, thread, me } = this.#spot;
    const sorted = (thread ? channel.threads.get(thread) : channel.roots) ?? [];
    const last = sorted.findLast((ts) => isOwn(channel.all.get(ts), me));
    if (last) this.#edit(channel.all.get(last));
    return Boolean(last);
  }

  async #try(doing) {
    try {
      await doing;
    } catch (error) {
      this.composer.complain(error);
    }
  }

  #drawBelow(closed, channel, me) {
    const wanted = !closed ? "write" : channel.is_archived ? "archived" : "join";
    const look = wanted === "write" ? wanted : `${wanted}/${channel.id}/${me}`;
    if (this.below.dataset.look === look) return;
    this.below.dataset.look = look;
    const archived = `#${channel.name} is archived. Nobody can write here.`;
    if (wanted === "write") fill(this.below, this.composer.element);
    else if (wanted === "archived") fill(this.below, h("p.shut", {}, archived));
    else fill(this.below, this.#invitation(channel, me));
  }

  #invitation(channel, me) {
    const onclick = () => this.#try(join(channel.id, me));
    return h(
      "p.shut",
      {},
      "You are looking at ",
      h("b", {}, `#${channel.name}`),
      h("button.go", { type: "button", onclick }, "Join channel"),
    );
  }
}

function ids({ me, channelId, thread }) {
  return { me, channel: channelId, thread };
}

// What is only for one person stands where it was sent, until it is put away.
function withEphemerals(keys, channel, thread, me) {
  const mine = [...world.slack.ephemerals.values()].filter(
    (one) => one.to === me && one.channel === channel && (one.thread_ts ?? "") === thread && !dismissed.has(one.ts),
  );
  return mine.length ? [...keys, ...mine.map(({ ts }) => ts)].sort() : keys;
}
