// Where the customer writes: the draft of each conversation, its counter, what goes with it, and first words.

import { fill, h } from "../ground/dom.js";
import { picker, read } from "../ground/files.js";
import { shortly } from "./attached.js";
import { attachments, edit, files, mayNotWrite, text } from "./deeds.js";
import { measure, split } from "./media.js";
import { Menu } from "./menu.js";
import { COMPANY, entriesOf } from "./pocket.js";
import { send, waitingAt } from "./send.js";

const FIRST_WORDS = {
  en: ["Hi, is my order ready?", "When do you open?"],
  pt: ["Oi! Meu pedido está pronto?", "Vocês entregam em São Paulo?"],
  tr: ["Merhaba, siparişim hazır mı?", "Kaçta açılıyorsunuz?"],
  es: ["Hola, ¿está listo mi pedido?", "¿A qué hora abren?"],
  de: ["Hallo, ist meine Bestellung fertig?", "Wann machen Sie auf?"],
  fr: ["Bonjour, ma commande est-elle prête ?", "À quelle heure ouvrez-vous ?"],
  ar: ["مرحبًا، هل طلبي جاهز؟", "متى تفتحون؟"],
  ja: ["こんにちは、注文はできていますか?", "何時に開きますか?"],
};

/** The composer; `attempt` runs what may fail and says so in words, `sent` hears that something went out. */
export class Composer {
  #hand = null;
  #drafts = new Map(); // place -> what was being written there
  #about = null; // { what: "edit" or "reply", entry }: the message that is being changed or answered
  #firstFor = "";

  constructor(attempt, sent) {
    this.attempt = attempt;
    this.sent = sent;
    const words = { placeholder: "Message", "aria-label": "Message", "aria-describedby": "draft-counter", dir: "auto" };
    const hears = { oninput: () => this.#count(), onkeydown: (event) => this.#key(event) };
    this.field = h("textarea.ph-draft", { rows: "1", ...words, ...hears });
    this.button = h("button.ph-round.ph-send", { type: "submit", "aria-label": "Send" });
    this.counter = h("p.ph-counter", { id: "draft-counter", role: "status" });
    this.first = h("div.ph-first-words", { role: "group", "aria-label": "Suggested first messages" });
    this.changing = h("div.ph-strip.ph-changing", { hidden: true });
    const sign = h("span", { "aria-hidden": "true" }, "+");
    const plus = h("button.ph-round.ph-plus", { type: "button", "aria-label": "Attach" }, sign);
    this.picker = picker((some) => attempt(() => this.take(some)), "Files to send");
    const give = (some) => this.#give(some);
    this.attach = new Menu(plus, () => attachments(this.#hand, give, () => this.picker.click()), attempt);
    const row = h("div.ph-write-row", {}, this.attach.root, this.picker, this.field, this.button);
    const about = { "aria-label": `Write to ${COMPANY.toLowerCase()}`, onsubmit: (event) => this.#submit(event) };
    this.root = h("form.ph-write", about, this.first, this.changing, this.counter, row);
  }

  focus() {
    this.field.focus();
  }

  draw(hand) {
    if (hand.place !== this.#hand?.place) this.#turnTo(hand);
    this.#hand = hand;
    this.#drawFirst();
    this.#count();
  }

  #turnTo({ place }) {
    if (this.#about) this.#end();
    if (this.#hand) this.#drafts.set(this.#hand.place, this.field.value);
    this.field.value = this.#drafts.get(place) ?? "";
    this.attach.close();
  }

  #drawFirst() {
    const { person, medium, place } = this.#hand;
    const empty = !entriesOf(person, medium).length && !waitingAt(person, medium).length;
    const wanted = empty ? `${place} ${person.language}` : "";
    if (wanted === this.#firstFor) return;
    if (this.first.contains(document.activeElement)) this.focus();
    this.#firstFor = wanted;
    fill(this.first, empty && (FIRST_WORDS[person.language] ?? FIRST_WORDS.en).map((words) => this.#firstWord(words)));
  }

  #firstWord(words) {
    const say = () => {
      const { person, medium } = this.#hand;
      this.focus();
      this.sent();
      this.attempt(() => text(person, medium, words));
    };
    return h("button.ph-first-word", { type: "button", dir: "auto", onclick: say }, words);
  }

  #count() {
    const { person, medium } = this.#hand;
    const barred = mayNotWrite(person, medium);
    const { goes, words } = measure(medium, this.field.value);
    const said = barred && this.field.value ? barred : words;
    if (this.counter.textContent !== said) this.counter.textContent = said;
    this.counter.dataset.tone = goes && !barred ? "" : "bad";
    this.field.setAttribute("aria-invalid", String(!goes));
    this.button.setAttribute("aria-disabled", String(!goes || Boolean(barred) || !this.field.value.trim()));
  }

  #key(event) {
    if (event.key === "Escape" && this.#about) this.#cancel();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.root.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    if (this.button.getAttribute("aria-disabled") === "true") return;
    const words = this.field.value;
    const hand = this.#hand;
    const { what, entry } = this.#about ?? {};
    if (what) this.#cancel();
    if (what === "edit") {
      this.attempt(() => edit(hand.person, hand.medium, entry, words));
      return;
    }
    this.#put("");
    this.sent();
    this.attempt(() => this.#send(hand, words, entry && { reply_to: entry.id }));
  }

  async #send({ person, medium, place }, words, answers = {}) {
    const parts = split(words, medium.longest);
    while (parts.length) {
      const [part] = parts;
      try {
        await send(person, medium, { ...medium.words(part, person, medium.medium), ...answers }, { text: part, ...answers });
        answers = {};
      } catch (error) {
        this.#giveBack(place, parts.join(""));
        throw error;
      }
      parts.shift();
    }
  }

  /** Send files of this machine, with what is written just now. */
  async take(some) {
    const hand = this.#hand;
    const all = [];
    for (const file of some) all.push(await read(file));
    await this.#give(all, hand);
  }

  async #give(all, hand = this.#hand) {
    const barred = mayNotWrite(hand.person, hand.medium);
    if (barred) throw new Error(barred);
    const here = hand.place === this.#hand.place && !this.#about;
    const words = here ? this.field.value.trim() : "";
    if (here) this.#put("");
    this.sent();
    try {
      await files(hand.person, hand.medium, all, words);
    } catch (error) {
      if (words) this.#giveBack(hand.place, words);
      throw error;
    }
  }

  #giveBack(place, words) {
    const here = place === this.#hand.place && !this.#about;
    const now = here ? this.field.value : (this.#drafts.get(place) ?? "");
    const both = [words, now].filter(Boolean).join("\n");
    if (here) this.#put(both);
    else this.#drafts.set(place, both);
  }

  #put(words) {
    this.field.value = words;
    this.#count();
  }

  /** Let the customer change a message (`what` is "edit") or answer it ("reply"). */
  begin(what, entry) {
    const changes = what === "edit";
    if (this.#about) this.#end();
    if (changes) this.#drafts.set(this.#hand.place, this.field.value);
    this.#about = { what, entry };
    this.changing.hidden = false;
    const stop = h("button.ph-strip-button", { type: "button", onclick: () => this.#cancel() }, "Cancel");
    const words = changes ? "Editing your message" : h("span", {}, "Answering ", h("q", { dir: "auto" }, shortly(entry)));
    fill(this.changing, h("span.ph-changed", {}, words), stop);
    if (changes) this.#put(entry.text);
    this.focus();
  }

  #cancel() {
    this.#end();
    this.focus();
  }

  #end() {
    const { what } = this.#about;
    this.#about = null;
    this.changing.hidden = true;
    if (what === "edit") this.#put(this.#drafts.get(this.#hand.place) ?? "");
  }
}
