// Menus, dates and boxes; and a press: perhaps asked about first, shown as under way, its trouble told beside it.

import { ask, h } from "../ground/dom.js";
import { inWords } from "../ground/words.js";
import { world } from "../ground/world.js";
import { Combobox } from "./combobox.js";
import { listOf, nameOf, words } from "./inline.js";
import { label, textNodes } from "./mrkdwn.js";

let groups = 0;

export const CHOICES = {
  static_select: (element, ctx, name) =>
    menu(element, ctx, name, optionsOf(element), element.initial_option?.value),
  users_select: (element, ctx, name) => menu(element, ctx, name, people(), element.initial_user),
  channels_select: (element, ctx, name) => menu(element, ctx, name, rooms(), element.initial_channel),
  conversations_select: (element, ctx, name) => menu(element, ctx, name, rooms(), element.initial_conversation),
  external_select: (element, ctx, name) => (ctx.look ? sought : wished)(element, ctx, name),
  multi_static_select: (element, ctx, name) =>
    several(element, ctx, name, optionsOf(element), element.initial_options?.map(({ value }) => value)),
  multi_users_select: (element, ctx, name) => several(element, ctx, name, people(), element.initial_users),
  multi_channels_select: (element, ctx, name) => several(element, ctx, name, rooms(), element.initial_channels),
  multi_conversations_select: (element, ctx, name) =>
    several(element, ctx, name, rooms(), element.initial_conversations),
  multi_external_select: (element, ctx, name) => field("text", element, ctx, name),
  datepicker: (element, ctx, name) => field("date", element, ctx, name, element.initial_date),
  timepicker: (element, ctx, name) => field("time", element, ctx, name, element.initial_time),
  datetimepicker: moment,
  plain_text_input: (element, ctx, name) =>
    field(element.multiline ? "textarea" : "text", element, ctx, name, element.initial_value),
  number_input: (element, ctx, name) => field("number", element, ctx, name, element.initial_value),
  email_text_input: (element, ctx, name) => field("email", element, ctx, name, element.initial_value),
  url_text_input: (element, ctx, name) => field("url", element, ctx, name, element.initial_value),
  checkboxes: (element, ctx, name) => boxes("checkbox", element, ctx, name, listOf(element.options)),
  radio_buttons: (element, ctx, name) => boxes("radio", element, ctx, name, listOf(element.options)),
};

const SAID = {
  date: "Pick a date",
  time: "Pick a time",
  "datetime-local": "Pick a date and a time",
  text: "Type",
  textarea: "Type",
  number: "A number",
  email: "An address",
  url: "A link",
};

function about(element, name, otherwise) {
  return { "aria-label": name || element.placeholder?.text || otherwise, dataset: keyed(element) };
}

/** A control that presses when what it holds has changed, and goes back when that was not taken. */
function changing(control, element, ctx, read, write = (value) => (control.value = value)) {
  const frame = framed(control, element);
  let before = read();
  ctx.holds?.(element, read);
  control.addEventListener("change", async () => {
    const choice = read();
    if (choice === "") return;
    if (await act(frame, control, element, () => ctx.press?.(element, choice))) before = choice;
    else write(before);
  });
  return frame;
}

/** A menu whose choices come from the app, where the app can be asked. */
function sought(element, ctx, name) {
  const box = new Combobox(element, ctx, about(element, name, "Choose"));
  return changing(box.control, element, ctx, () => box.chosen, (value) => box.back(value));
}

function wished(element, ctx, name) {
  return field("text", element, ctx, name, element.initial_option?.text?.text);
}

function menu(element, ctx, name, entries, initial = "") {
  const control = h("select.bk-select", about(element, name, "Choose"));
  control.append(h("option", { value: "" }, element.placeholder?.text ?? "Choose …"), ...entries.map(entry));
  control.value = initial;
  if (control.selectedIndex < 0) control.selectedIndex = 0;
  return changing(control, element, ctx, () => control.value);
}

function entry({ value, words: said, entries }) {
  if (entries) return h("optgroup", { label: said }, entries.map(entry));
  return h("option", { value }, said);
}

function optionsOf(element) {
  if (!element.option_groups) return listOf(element.options).map(option);
  return listOf(element.option_groups).map((group) => ({
    words: words(group.label?.text),
    entries: listOf(group.options).map(option),
  }));
}

function option({ text, value }) {
  return {
    value,
    words: label(text)
      .map((part) => part.textContent ?? part)
      .join(""),
  };
}

function people() {
  return [...(world.slack?.users.values() ?? [])]
    .filter((user) => !user.deleted)
    .map((user) => ({ value: user.id, words: nameOf(user) ?? user.id }));
}

function rooms() {
  return [...(world.slack?.channels.values() ?? [])]
    .filter((room) => !room.is_archived)
    .map((room) => ({ value: room.id, words: `#${room.name}` }));
}

/** Several of many: a folded list of boxes that says how many are chosen. */
function several(element, ctx, name, entries, initial) {
  const flat = entries.flatMap((one) => one.entries ?? [one]);
  const options = flat.map(({ value, words: said }) => ({ value, text: { type: "plain_text", text: said } }));
  const title = name || element.placeholder?.text || "Choose";
  const count = h("span.bk-count");
  const chosen = Array.isArray(initial) ? initial : [];
  const show = (choice) => (count.textContent = choice.length ? ` (${choice.length})` : "");
  show(chosen);
  return h(
    "details.bk-several",
    {},
    h("summary.bk-select", {}, title, count),
    boxes("checkbox", { ...element, initial_options: chosen.map(asOption) }, ctx, title, options, show),
  );
}

function asOption(value) {
  return { value };
}

function boxes(type, element, ctx, name, options, show = () => {}) {
  const group = `bk-${(groups += 1)}`;
  const initial = [element.initial_option, ...(element.initial_options ?? [])].map((one) => one?.value);
  const rows = options.map((one) => box(type, group, element, one, initial.includes(one.value)));
  const set = h("fieldset.bk-boxes", { "aria-label": name || "Choose" }, rows);
  const read = () => {
    const values = [...set.querySelectorAll("input:checked")].map((input) => input.value);
    return type === "radio" ? (values[0] ?? "") : values;
  };
  const write = (values) => {
    for (const input of set.querySelectorAll("input")) input.checked = [values].flat().includes(input.value);
    show(read());
  };
  set.addEventListener("change", () => show(read()));
  return changing(set, element, ctx, read, write);
}

function box(type, group, element, { text, value, description }, checked) {
  const key = `${element.action_id ?? ""}-${value}`;
  const told = description ? h("span.bk-note", {}, textNodes(description, {})) : null;
  const input = h("input", { type, name: group, value, checked, dataset: { key } });
  return h("label.bk-box", {}, input, h("span", {}, textNodes(text, {}), told));
}

function field(type, element, ctx, name, initial) {
  const placeholder = element.placeholder?.text;
  const hints = { ...about(element, name, SAID[type]), placeholder, autocomplete: "off" };
  const control =
    type === "textarea"
      ? h("textarea.bk-field-input", { ...hints, rows: 3 })
      : h("input.bk-field-input", { ...hints, type });
  control.value = initial ?? "";
  return changing(control, element, ctx, () => control.value);
}

function moment(element, ctx, name) {
  const named = about(element, name, SAID["datetime-local"]);
  const control = h("input.bk-field-input", { ...named, type: "datetime-local" });
  const initial = new Date(Number(element.initial_date_time) * 1000);
  if (element.initial_date_time && !Number.isNaN(initial.getTime())) control.value = localForm(initial);
  const read = () => (control.value ? String(new Date(control.value).getTime() / 1000) : "");
  const write = (seconds) => {
    control.value = seconds && localForm(new Date(seconds * 1000));
  };
  return changing(control, element, ctx, read, write);
}

function localForm(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

// ---- a press

/** What names a control, so that it keeps the focus when its message is drawn anew. */
export function keyed(element) {
  return typeof element.action_id === "string" ? { key: element.action_id } : {};
}

/** Put a control into a frame that has room for what went wrong; a button presses when it is clicked. */
export function framed(control, element, press) {
  if (element.confirm) question(element.confirm); // refused now if it could not be asked then
  const frame = h("span.bk-press", {}, control);
  if (control instanceof HTMLButtonElement)
    control.addEventListener("click", () => act(frame, control, element, press));
  return frame;
}

/** Ask if it has to be asked, then press. Resolves to whether it was pressed and taken. */
async function act(frame, control, element, press) {
  if (control.getAttribute("aria-busy") === "true") return false;
  if (element.confirm && (await ask(question(element.confirm))) !== "yes") return false;
  tell(frame, "");
  busy(control, true);
  try {
    await press();
    return true;
  } catch (problem) {
    tell(frame, inWords(problem));
    return false;
  } finally {
    busy(control, false);
  }
}

/** What is busy is not `disabled`: it would lose the focus, and whoever uses the keyboard their place. */
function busy(control, is) {
  for (const name of ["aria-busy", "aria-disabled"]) {
    if (is) control.setAttribute(name, "true");
    else control.removeAttribute(name);
  }
}

function tell(frame, problem) {
  frame.querySelector(":scope > .bk-trouble")?.remove();
  if (!problem) return;
  frame.append(h("span.bk-trouble", { role: "alert" }, h("span", { "aria-hidden": "true" }, "⚠️ "), problem));
}

/** Draw a dialog with the four texts of Slack's confirmation. */
function question({ title, text, confirm, deny, style }) {
  const yes = style === "danger" ? "button.bk-button.bk-danger" : "button.bk-button.bk-primary";
  const choice = (value, spec, said) => h(spec, { type: "submit", value }, said);
  return h(
    "dialog.bk-dialog",
    { "aria-label": words(title?.text) },
    h("h2", { dir: "auto" }, label(title)),
    h("div.bk-text", {}, textNodes(text, {})),
    h(
      "form.bk-answers",
      { method: "dialog" },
      choice("no", "button.bk-button", label(deny)),
      choice("yes", yes, label(confirm)),
    ),
  );
}
