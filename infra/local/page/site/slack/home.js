// The app's Home: the page that the app draws for each person.

import { fill, h } from "../ground/dom.js";
import { pull } from "../ground/live.js";
import { inWords } from "../ground/words.js";
import { world } from "../ground/world.js";
import { Form } from "./form.js";
import { icon } from "./message-parts.js";
import { openThread } from "./place.js";

const EMPTY = "One moment …";

export class Home {
  #me = ""; // whose Home was opened last; "" while another place is shown
  #form = null;
  #drawn = null;

  constructor() {
    this.body = h("div.home-body", { tabindex: "0", role: "group", "aria-label": "Home" });
    const sign = h("img.home-sign", { src: "icon.svg", alt: "" });
    const head = h("header.head", {}, h("h3.title", {}, sign, "Threadline"), h("span.home-tab", {}, icon("home"), "Home"));
    this.element = h("section.pane.home", { "aria-label": "Threadline, Home", hidden: true }, head, this.body);
  }

  draw({ me, home }) {
    this.element.hidden = !home;
    if (!home) {
      this.#me = "";
      return;
    }
    if (this.#me !== me) this.#open(me);
    const view = world.slack.homes.get(me);
    if (view && (view !== this.#drawn || !this.#form.isWhole)) this.#form.draw(view);
    if (view && !this.#drawn) fill(this.body, this.#form.element);
    this.#drawn = view ?? null;
  }

  // As in Slack, the app is told each time, and may draw it anew.
  async #open(me) {
    this.#me = me;
    this.#form = new Form(me, { home: true, show: openThread });
    this.#drawn = null;
    fill(this.body, h("p.soft", { role: "status" }, EMPTY));
    try {
      await pull("slack", "open_home", { user: me });
    } catch (error) {
      if (this.#me === me && !this.#drawn) fill(this.body, h("p.problem", { role: "alert" }, inWords(error)));
    }
  }
}
