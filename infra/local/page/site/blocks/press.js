// A press: perhaps asked about first, shown as under way, and its trouble told beside it.

import { h } from "../ground/dom.js";
import { label, textNodes, words } from "./parts.js";

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
export async function act(frame, control, element, press) {
  if (control.getAttribute("aria-busy") === "true") return false;
  if (element.confirm && !(await confirmed(element.confirm))) return false;
  tell(frame, "");
  busy(control, true);
  try {
    await press();
    return true;
  } catch (problem) {
    tell(frame, problem?.message || "That did not work.");
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

/** Ask, and give whether the answer was yes. */
function confirmed(about) {
  const dialog = question(about);
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
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
