// Files that somebody picks or drops: read as the stand-ins take them, and shown as they came.

import { h } from "./dom.js";
import { sizeOf } from "./words.js";

export const MOST = 20 * 1024 * 1024; // bytes of one file that go through this page
const PREVIEWED = 3 * 1024 * 1024;
const SHOWN = /^image\/(png|jpeg|gif|webp|avif|bmp)$/i; // an SVG is a document, and none of ours to open

/** Whether something may be shown as a picture. */
export function isPicture(kind = "") {
  return SHOWN.test(kind.split(";")[0]);
}

/** Make a place to pick files from, to be clicked by a button; `took(files)` is called with them. */
export function picker(took, label) {
  const change = () => {
    const files = [...input.files];
    input.value = ""; // or the same one cannot be picked again
    if (files.length) took(files);
  };
  const input = h("input", { type: "file", multiple: true, hidden: true, "aria-label": label, onchange: change });
  return input;
}

/** Let files be dropped onto an element. */
export function dropZone(element, took) {
  const holds = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (on) => element.toggleAttribute("data-drop", on);
  element.addEventListener("dragover", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    mark(true);
  });
  element.addEventListener("dragleave", (event) => element.contains(event.relatedTarget) || mark(false));
  element.addEventListener("drop", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    mark(false);
    const files = [...event.dataTransfer.files];
    if (files.length) took(files);
  });
}

/** Read a file: { name, kind, size, data (base64), picture (an address to show it by, or "") }. Throws what is wrong with it. */
export async function read(file) {
  if (!file.size) throw new Error(`${file.name} is empty.`);
  if (file.size > MOST) throw new Error(`${file.name} is larger than ${sizeOf(MOST)}, which is too much for this page.`);
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
  const kind = file.type || "application/octet-stream";
  const shown = isPicture(kind) && file.size <= PREVIEWED;
  return { name: file.name, kind, size: file.size, data: url.slice(url.indexOf(",") + 1), picture: shown ? url : "" };
}

/** Show a file that lies at an address of this page: a picture, something to play, or its name to save it by. */
export function shown({ url, kind = "", name, size }, { picture, tile }) {
  if (isPicture(kind)) return picture(url);
  if (/^audio\//i.test(kind)) return h("audio", { controls: true, preload: "metadata", src: url, "aria-label": name || "Audio" });
  if (/^video\//i.test(kind)) return h("video", { controls: true, preload: "metadata", src: url, "aria-label": name || "Video" });
  return tile(url, name, size);
}
