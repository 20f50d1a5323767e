// Whose phone is in hand and which of its apps is open: the row of customers, how to add somebody, and the tabs.

import { ask, h, list } from "../ground/dom.js";
import { look, view } from "../ground/view.js";
import { hashed, initials } from "../ground/words.js";
import { fullName, MEDIA } from "./media.js";
import { add, objections } from "./people.js";
import { mediaOf, placeOf } from "./pocket.js";

const LANGUAGES = {
  "": "Not said",
  en: "English",
  pt: "Português",
  es: "Español",
  tr: "Türkçe",
  de: "Deutsch",
  fr: "Français",
  ar: "العربية",
  ja: "日本語",
};

/** Make the row; `turned` is called when another phone was taken up, `added` when it is that of somebody new. */
export function makeRow(turned, added) {
  const hears = { onscroll: fade, onwheel: roll, onkeydown: walk, onfocusin: ({ target }) => stopAt(target.dataset.key) };
  const row = h("ul.ph-people", { "aria-label": "Customers", ...hears });
  const plus = h("span.ph-avatar.ph-plus", { "aria-hidden": "true" }, "+");
  const about = { type: "button", "aria-label": "Add a customer", onclick: () => askForSomebody(added) };
  const open = h("button.ph-person.ph-add", about, plus, h("span.ph-person-name", {}, "Add"));
  const root = h("div.ph-people-bar", {}, row, open);
  // Told after the layout, so that nothing has to be measured while drawing.
  new ResizeObserver(fade).observe(row);
  let held = "";
  let stop = ""; // key of the one that the Tab key leads to: however many they are, they are one stop
  return { root, draw };

  function draw({ people, person, unread }) {
    const inside = row.contains(document.activeElement);
    const things = people.map((one) => {
      const count = mediaOf(one).reduce((sum, medium) => sum + unread.get(placeOf(one, medium)).length, 0);
      return { ...one, count, held: one.key === person.key };
    });
    const look = (one) => [one.key, one.name, one.count, one.held].join(" ");
    list(row, things, ({ key }) => key, (one) => make(one, take), look);
    const inHand = row.querySelector(`[data-key="${CSS.escape(person.key)}"]`);
    if (held !== person.key) uncover(row, inHand);
    stopAt(held === person.key && people.some(({ key }) => key === stop) ? stop : person.key);
    held = person.key;
    if (inside && !row.contains(document.activeElement)) inHand.focus({ preventScroll: true });
  }

  function stopAt(key) {
    stop = key;
    for (const one of row.querySelectorAll(".ph-person")) {
      const wanted = one.dataset.key === key ? 0 : -1;
      if (one.tabIndex !== wanted) one.tabIndex = wanted;
    }
  }

  function walk(event) {
    const all = [...row.querySelectorAll(".ph-person")];
    const at = all.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(to, all.length - 1))].focus();
  }

  function take(key) {
    look({ person: key });
    turned();
  }

  // The edge beyond which there are more of them is a soft one.
  function fade() {
    const { scrollLeft: left, scrollWidth: whole, clientWidth: seen } = row;
    row.dataset.more = [left > 1 && "before", left + seen < whole - 1 && "after"].filter(Boolean).join(" ");
  }

  // A mouse has a wheel for what is further down only.
  function roll({ deltaX, deltaY }) {
    if (!deltaX) row.scrollLeft += deltaY;
  }
}

// Not scrollIntoView, which has the Tab key go on from there, past the links at the top of the page.
function uncover(row, one) {
  const [place, { left, right }] = [row.getBoundingClientRect(), one.getBoundingClientRect()];
  if (left < place.left) row.scrollLeft -= place.left - left;
  else if (right > place.right) row.scrollLeft += right - place.right;
}

function make({ key, name, hue, count, held }, take) {
  const about = { type: "button", title: name, "aria-pressed": String(held), "aria-label": withNews(name, count), dataset: { key } };
  const vars = { "--hue": hue ?? hashed(key) };
  return h(
    "li",
    {},
    h(
      "button.ph-person",
      { ...about, onclick: () => take(key) },
      h("span.ph-avatar", { vars }, initials(name), count > 0 && h("span.ph-dot")),
      h("span.ph-person-name", { dir: "auto" }, name),
    ),
  );
}

function withNews(name, count) {
  return count ? `${name}, ${count} unread` : name;
}

async function askForSomebody(added) {
  const name = field("name", "Name", { autocomplete: "off" });
  const phone = { type: "tel", placeholder: "+1 555 013 4001", autocomplete: "off" };
  const number = field("number", "Phone number, with its country", phone);
  const languages = Object.entries(LANGUAGES).map(([value, words]) => h("option", { value }, words));
  const language = h("select", { id: "new-language" }, languages);
  const answered = () => ({ name: name.input.value, number: number.input.value, language: language.value });
  const cancel = h("button.quiet", { type: "button", onclick: () => dialog.close("") }, "Cancel");
  const form = h(
    "form",
    { novalidate: true, onsubmit: submit },
    h("h3", { id: "add-customer-title" }, "Add a customer"),
    name.root,
    number.root,
    h("label", { for: "new-language" }, "Language ", h("span.ph-soft", {}, "(optional)")),
    language,
    h("div.ph-dialog-buttons", {}, cancel, h("button.primary", { type: "submit" }, "Add")),
  );
  const dialog = h("dialog.ph-add-customer", { "aria-labelledby": "add-customer-title" }, form);
  if ((await ask(dialog)) !== "add") return;
  add(answered());
  added();

  function submit(event) {
    event.preventDefault();
    const wrong = objections(answered());
    name.say(wrong.name);
    number.say(wrong.number);
    if (wrong.name) name.input.focus();
    else if (wrong.number) number.input.focus();
    else dialog.close("add");
  }
}

function field(key, words, about) {
  const input = h("input", { id: `new-${key}`, type: "text", required: true, "aria-describedby": `new-${key}-wrong`, ...about });
  const wrong = h("p.ph-wrong", { id: `new-${key}-wrong`, role: "alert" });
  const root = h("div.ph-field", {}, h("label", { for: input.id }, words), input, wrong);
  return {
    root,
    input,
    say(said = "") {
      wrong.textContent = said;
      input.setAttribute("aria-invalid", String(Boolean(said)));
    },
  };
}

/** Make the tabs; `turned` is called when another one was chosen. */
export function makeTabs(hand, turned) {
  const tabs = new Map(MEDIA.map((medium) => [medium.key, makeTab(medium, choose)]));
  const about = { role: "tablist", "aria-label": "Where they write", onkeydown: move };
  const root = h("div.ph-tabs", about, [...tabs.values()].map((tab) => tab.root));
  return { root, draw };

  function draw({ person, medium: open, unread }) {
    const there = mediaOf(person);
    for (const medium of MEDIA) {
      const count = unread.get(placeOf(person, medium))?.length ?? 0;
      tabs.get(medium.key).draw(there.includes(medium), medium === open, count);
    }
  }

  function move(event) {
    const { person, medium } = hand();
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
    const { person } = hand();
    look({ person: person.key, medium: { ...view.medium, [person.key]: medium.key } });
    turned();
  }
}

function makeTab(medium, choose) {
  const dot = h("span.ph-dot", { hidden: true });
  const root = h(
    "button.ph-tab",
    { type: "button", role: "tab", id: `tab-${medium.key}`, "aria-controls": "phone", onclick: () => choose(medium) },
    h("span.ph-tab-name", {}, medium.name),
    h("span.ph-tab-by", {}, medium.provider),
    dot,
  );
  return { root, draw };

  function draw(there, open, count) {
    root.hidden = !there;
    root.setAttribute("aria-selected", String(open));
    root.setAttribute("aria-label", withNews(fullName(medium), count));
    root.tabIndex = open ? 0 : -1;
    dot.hidden = !count;
  }
}
