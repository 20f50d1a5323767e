// What one can do with a message: react, reply in its thread, edit it, delete it.

import { h } from "../ground/dom.js";
import { Composer } from "./composer.js";
import { isGone, isSystem } from "./message.js";
import { asTyped } from "./message-words.js";
import { icon } from "./icons.js";

const NAMES = { react: "Add a reaction", reply: "Reply in thread", edit: "Edit message", remove: "Delete message" };
export const KEYS = { r: "react", t: "reply", e: "edit", Delete: "remove", Backspace: "remove" };

/** What a person may do with a message, in Slack's order. */
export function possible(message, { me, thread, closed }) {
  if (!message || isGone(message) || message.to) return [];
  const mine = isOwn(message, me);
  if (closed) return thread ? [] : ["reply"];
  return ["react", !thread && "reply", mine && "edit", mine && "remove"].filter(Boolean);
}

/** Whether somebody may edit and delete a message: their own words, not what Slack or an app says of them. */
export function isOwn(message, me) {
  return message.user === me && !message.bot_id && !isSystem(message) && !isGone(message);
}

/** The bar that comes over a message; `act(name, button)` hears what was pressed. */
export function toolbar(act) {
  const element = h("div.toolbar", { role: "toolbar", "aria-label": "Message actions" });
  const buttons = Object.entries(NAMES).map(([name, label]) => {
    const press = (event) => act(name, event.currentTarget);
    const about = { type: "button", "aria-label": label, title: label, dataset: { key: name }, onclick: press };
    return h("button", about, icon(name));
  });
  element.append(...buttons);
  return {
    element,
    offer(names) {
      for (const button of buttons) button.hidden = !names.includes(button.dataset.key);
      element.hidden = names.length === 0;
    },
  };
}

/** Edit a message where it stands. `save(words)` gives a promise, `done()` is called when it is over. */
export function editor(message, { me, save, done }) {
  const before = asTyped(message.text);
  const end = () => {
    made.put("");
    done();
  };
  const made = new Composer({
    verb: "Save changes",
    cancel: end,
    send: async (words) => {
      if (words !== before) await save(words);
      end();
    },
  });
  made.element.classList.add("editor");
  made.at({ key: `${me}/edit/${message.ts}`, label: "Edit message" });
  made.put(before);
  return made;
}

/** Ask before a message is deleted; gives true if it is to be. */
export function askToDelete(words) {
  return new Promise((decide) => {
    const dialog = h(
      "dialog.ask",
      { "aria-labelledby": "ask-title" },
      h("h3", { id: "ask-title" }, "Delete message"),
      h("p", {}, "Are you sure you want to delete this message? This cannot be undone."),
      h("blockquote", {}, words),
      h(
        "form.choices",
        { method: "dialog" },
        h("button.quiet", { value: "" }, "Cancel"),
        h("button.danger", { value: "delete" }, "Delete"),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      decide(dialog.returnValue === "delete");
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector(".danger").focus();
  });
}
