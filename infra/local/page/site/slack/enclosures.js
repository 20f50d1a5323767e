// The files that are to go with what is being written.

import { announce, fill, h } from "../ground/dom.js";
import { read } from "../ground/files.js";
import { sizeOf } from "../ground/words.js";
import { icon } from "./message-parts.js";

const MOST = 10; // files of one message

export class Enclosures {
  files = [];

  /** `changed()` is called with every change, `left()` when the one in focus is gone. */
  constructor(changed, left) {
    Object.assign(this, { changed, left });
    this.element = h("ul.enclosed", { "aria-label": "Files to be sent", hidden: true });
  }

  /** Take files, if they are still wanted when they are read; throws what is wrong with one. */
  async add(some, wanted) {
    for (const file of some) {
      if (this.files.length >= MOST) throw new Error(`A message holds ${MOST} files at most.`);
      const one = await read(file);
      if (!wanted()) return;
      this.#put([...this.files, one]);
      announce(`${one.name} is attached`);
    }
  }

  empty() {
    this.#put([]);
  }

  /** Put back what could not be sent. */
  back(files) {
    this.#put([...files, ...this.files].slice(0, MOST));
  }

  #put(files) {
    this.files = files;
    this.element.hidden = !files.length;
    fill(this.element, files.map((file) => this.#one(file)));
    this.changed();
  }

  #one(file) {
    const drop = () => {
      this.#put(this.files.filter((other) => other !== file));
      this.left();
    };
    const label = `Take ${file.name} away`;
    const sign = file.picture ? h("img", { src: file.picture, alt: "" }) : h("span.file-sign", { "aria-hidden": "true" }, icon("file"));
    return h(
      "li",
      {},
      sign,
      h("span.file-words", {}, h("span.file-name", { dir: "auto" }, file.name), h("span.soft", {}, sizeOf(file.size))),
      h("button.tool", { type: "button", "aria-label": label, title: label, onclick: drop }, icon("close")),
    );
  }
}
