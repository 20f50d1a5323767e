// A thread: the message it hangs on, the replies, and a place to reply.

import { h } from "../ground/dom.js";
import { icon } from "./icons.js";
import { Pane } from "./pane.js";
import { closeThread } from "./place.js";
import { world } from "../ground/world.js";

export class Thread {
  #wanted = false; // whether the field is to have the focus as soon as it is there

  constructor({ closed }) {
    this.closed = closed;
    this.pane = new Pane({ reply: () => this.pane.focus() });
    this.pane.redraw = () => this.draw(this.place);
    this.where = h("span.soft");
    this.back = h("button.tool.back", { type: "button", onclick: () => this.close() }, icon("back"));
    const shut = { type: "button", "aria-label": "Close thread", title: "Close thread", onclick: () => this.close() };
    const title = h("h3.title", {}, "Thread");
    const head = h("header.head", {}, this.back, title, this.where, h("button.tool.shut-thread", shut, icon("close")));
    const { list, below } = this.pane;
    this.element = h("section.pane.thread", { "aria-label": "Thread", hidden: true }, head, list.element, below);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && event.target === this.pane.composer.field) this.close();
    });
  }

  draw(place) {
    this.place = place;
    const channel = world.slack.channels.get(place.channel);
    const root = channel?.all.get(place.thread);
    this.element.hidden = !root;
    if (!root) return;
    this.where.textContent = `#${channel.name}`;
    this.back.setAttribute("aria-label", `Back to #${channel.name}`);
    const keys = [place.thread, ...(channel.threads.get(place.thread) ?? [])];
    this.pane.show({ me: place.me, channel, thread: place.thread }, keys, { name: "Messages in the thread", label: "Reply…" });
    if (!this.#wanted) return;
    this.#wanted = false;
    setTimeout(() => this.pane.focus()); // when it has been laid out, which the focus would have to wait for
  }

  /** Write in the thread that is about to be shown. */
  focus() {
    this.#wanted = true;
  }

  close() {
    const { thread } = this.place;
    closeThread();
    this.closed(thread);
  }
}
