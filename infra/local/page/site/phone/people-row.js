// The row of customers above the phone: whose phone to take up, and how to add somebody.

import { h, list } from "../ground/dom.js";
import { add, hueOf, initials, objections } from "./people.js";
import { mediaOf, unreadOf } from "./pocket.js";
import { look } from "../ground/view.js";

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
  const row = h("ul.ph-people", { "aria-label": "Customers" });
  const dialog = makeDialog(added);
  const plus = h("span.ph-avatar.ph-plus", { "aria-hidden": "true" }, "+");
  const about = { type: "button", "aria-label": "Add a customer", onclick: () => dialog.open() };
  const open = h("button.ph-person.ph-add", about, plus, h("span.ph-person-name", {}, "Add"));
  const root = h("div.ph-people-bar", {}, row, open, dialog.root);
  let held = "";
  return { root, draw };

  function draw({ people, person }) {
    const things = people.map((one) => {
      const count = mediaOf(one).reduce((sum, medium) => sum + unreadOf(one, medium).length, 0);
      return { ...one, count, held: one.key === person.key };
    });
    list(row, things, ({ key }) => key, (one) => make(one, take), (one) => [one.key, one.name, one.count, one.held].join(" "));
    if (held !== person.key) uncover(row, row.querySelector("[aria-pressed=true]"));
    held = person.key;
  }

  function take(key) {
    look({ person: key });
    turned();
  }
}

// Not scrollIntoView, which has the Tab key go on from there, past the links at the top of the page.
function uncover(row, one) {
  const [place, { left, right }] = [row.getBoundingClientRect(), one.getBoundingClientRect()];
  if (left < place.left) row.scrollLeft -= place.left - left;
  else if (right > place.right) row.scrollLeft += right - place.right;
}

function make(person, take) {
  const { key, name, count, held } = person;
  const about = { type: "button", title: name, "aria-pressed": String(held), dataset: { key } };
  return h(
    "li",
    {},
    h(
      "button.ph-person",
      { ...about, onclick: () => take(key) },
      h("span.ph-avatar", { "aria-hidden": "true", vars: { "--hue": hueOf(person) } }, initials(name), count > 0 && h("span.ph-dot")),
      h("span.ph-person-name", { dir: "auto" }, shortName(name), h("span.unseen", {}, rest(name))),
      count > 0 && h("span.unseen", {}, `, ${count} unread`),
    ),
  );
}

function shortName(name) {
  return /^[+\d]/.test(name) ? name : name.split(/\s+/)[0];
}

function rest(name) {
  return name.slice(shortName(name).length);
}

function makeDialog(added) {
  const name = field("name", "Name", { autocomplete: "off" });
  const phone = { type: "tel", placeholder: "+1 555 013 4001", autocomplete: "off" };
  const number = field("number", "Phone number, with its country", phone);
  const languages = Object.entries(LANGUAGES).map(([value, words]) => h("option", { value }, words));
  const language = h("select", { id: "new-language" }, languages);
  const root = h(
    "dialog.ph-add-customer",
    { "aria-labelledby": "add-customer-title" },
    h(
      "form",
      { novalidate: true, onsubmit: submit },
      h("h3", { id: "add-customer-title" }, "Add a customer"),
      name.root,
      number.root,
      h("label", { for: "new-language" }, "Language ", h("span.ph-soft", {}, "(optional)")),
      language,
      h(
        "div.ph-dialog-buttons",
        {},
        h("button.quiet", { type: "button", onclick: () => root.close() }, "Cancel"),
        h("button.primary", { type: "submit" }, "Add"),
      ),
    ),
  );
  return { root, open };

  function open() {
    for (const one of [name, number]) one.clear();
    language.value = "";
    root.showModal();
    name.input.focus();
  }

  function submit(event) {
    event.preventDefault();
    const about = { name: name.input.value, number: number.input.value, language: language.value };
    const wrong = objections(about);
    name.say(wrong.name);
    number.say(wrong.number);
    if (wrong.name) name.input.focus();
    else if (wrong.number) number.input.focus();
    else {
      root.close();
      add(about);
      added();
    }
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
    clear() {
      input.value = "";
      this.say();
    },
  };
}
