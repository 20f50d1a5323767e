// Where the customer writes: the draft of each conversation, its counter, what goes with it, and first words.

import { fill, h } from "./dom.js";
import { attachments, edit, mayNotWrite, text } from "./phoneacts.js";
import { measure, split } from "./medialimits.js";
import { makeMenu } from "./phonemenu.js";
import { COMPANY, entriesOf } from "./pocket.js";
import { send, waitingAt } from "./phonesend.js";

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

/** Make the composer; `attempt` runs what may fail and says so in words, `sent` hears that something went out. */
export function makeComposer(attempt, sent) {
  const drafts = new Map();
  const field = h("textarea.ph-draft", {
    rows: "1",
    placeholder: "Message",
    "aria-label": "Message",
    "aria-describedby": "draft-counter",
    dir: "auto",
    oninput: count,
    onkeydown: key,
  });
  const plus = h("button.ph-round.ph-plus", { type: "button", "aria-label": "Attach" }, h("span", { "aria-hidden": "true" }, "+"));
  const attach = makeMenu(plus, () => attachments(hand), attempt);
  const button = h("button.ph-round.ph-send", { type: "submit", "aria-label": "Send" });
  const counter = h("p.ph-counter", { id: "draft-counter", role: "status" });
  const first = h("div.ph-first-words", { role: "group", "aria-label": "Suggested first messages" });
  const changing = h("div.ph-strip.ph-changing", { hidden: true });
  const row = h("div.ph-write-row", {}, attach.root, field, button);
  const about = { "aria-label": `Write to ${COMPANY.toLowerCase()}`, onsubmit: submit };
  const root = h("form.ph-write", about, first, changing, counter, row);
  let hand = null;
  let editing = null;
  let firstFor = "";
  return { root, draw, focus: () => field.focus(), beginEdit };

  function draw(next) {
    if (next.place !== hand?.place) turnTo(next);
    hand = next;
    drawFirst();
    count();
  }

  function turnTo(next) {
    if (editing) endEdit(false);
    if (hand) drafts.set(hand.place, field.value);
    field.value = drafts.get(next.place) ?? "";
    attach.close();
  }

  function drawFirst() {
    const { person, medium, place } = hand;
    const empty = !entriesOf(person, medium).length && !waitingAt(person, medium).length;
    const wanted = empty ? `${place} ${person.language}` : "";
    if (wanted === firstFor) return;
    if (first.contains(document.activeElement)) field.focus();
    firstFor = wanted;
    fill(first, empty && (FIRST_WORDS[person.language] ?? FIRST_WORDS.en).map(firstWord));
  }

  function firstWord(words) {
    return h("button.ph-first-word", { type: "button", dir: "auto", onclick: () => say(words) }, words);
  }

  function say(words) {
    const { person, medium } = hand;
    field.focus();
    sent();
    attempt(() => text(person, medium, words));
  }

  function count() {
    const { person, medium } = hand;
    const barred = mayNotWrite(person, medium);
    const { goes, words } = measure(medium, field.value);
    const said = barred && field.value ? barred : words;
    if (counter.textContent !== said) counter.textContent = said;
    counter.dataset.tone = goes && !barred ? "" : "bad";
    field.setAttribute("aria-invalid", String(!goes));
    button.setAttribute("aria-disabled", String(!goes || Boolean(barred) || !field.value.trim()));
  }

  function key(event) {
    if (event.key === "Escape" && editing) endEdit();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    root.requestSubmit();
  }

  function submit(event) {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    const words = field.value;
    const { person, medium, place } = hand;
    if (editing) {
      const entry = editing;
      endEdit();
      attempt(() => edit(person, medium, entry, words));
      return;
    }
    put("");
    sent();
    attempt(() => sendAll(person, medium, place, words));
  }

  async function sendAll(person, medium, place, words) {
    const parts = split(words, medium.longest);
    while (parts.length) {
      const [part] = parts;
      try {
        await send(person, medium, medium.words(part, person, medium.medium), { text: part });
      } catch (error) {
        giveBack(place, parts.join(""));
        throw error;
      }
      parts.shift();
    }
  }

  function giveBack(place, words) {
    const now = place === hand.place && !editing ? field.value : (drafts.get(place) ?? "");
    const both = [words, now].filter(Boolean).join("\n");
    if (place === hand.place && !editing) put(both);
    else drafts.set(place, both);
  }

  function put(words) {
    field.value = words;
    count();
  }

  function beginEdit(entry) {
    drafts.set(hand.place, field.value);
    editing = entry;
    changing.hidden = false;
    const stop = h("button.ph-strip-button", { type: "button", onclick: () => endEdit() }, "Cancel");
    fill(changing, h("span", {}, "You are changing your message."), stop);
    put(entry.text);
    field.focus();
  }

  function endEdit(back = true) {
    editing = null;
    changing.hidden = true;
    put(drafts.get(hand.place) ?? "");
    if (back) field.focus();
  }
}
