// A press: perhaps asked about first, shown as under way, and its trouble told beside it.

import { h } from "./dom.js";
import { label, textNodes, words } from "./parts.js";

/** Put a control into a frame that has room for what went wrong. `press` is called with what was chosen. */
export function framed(control, element, press) {
  const frame = h("span.bk-press", {}, control);
  if (control instanceof HTMLButtonElement) control.addEventListener("click", () => act(frame, control, element, press));
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

/** A button that is busy keeps the focus, so that whoever uses the keyboard does not lose their place. */
function busy(control, is) {
  if (is) control.setAttribute("aria-busy", "true");
  else control.removeAttribute("aria-busy");
  if (control instanceof HTMLButtonElement) control.toggleAttribute("aria-disabled", false);
  if (is) control.setAttribute("aria-disabled", "true");
  else control.removeAttribute("aria-disabled");
}

function tell(frame, problem) {
  frame.querySelector(":scope > .bk-trouble")?.remove();
  if (!problem) return;
  frame.append(h("span.bk-trouble", { role: "alert" }, h("span", { "aria-hidden": "true" }, "⚠️ "), problem));
}

/** Ask in a dialog, with the four texts of Slack's confirmation. */
export function confirmed(about) {
  const style = about.style === "danger" ? ".bk-danger" : ".bk-primary";
  const choice = (answer, spec, text) => h(spec, { type: "submit", value: answer }, text);
  const dialog = h(
    "dialog.bk-dialog",
    { "aria-label": words(about.title?.text) },
    h("h2", { dir: "auto" }, label(about.title)),
    h("div.bk-text", {}, textNodes(about.text, {})),
    h(
      "form.bk-answers",
      { method: "dialog" },
      choice("no", "button.bk-button", label(about.deny)),
      choice("yes", `button.bk-button${style}`, label(about.confirm)),
    ),
  );
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
}
