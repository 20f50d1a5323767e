// The files of a message: pictures as such, sounds and films to play, everything else by its name; nothing is opened here.

import { h } from "../ground/dom.js";
import { isPicture, shown } from "../ground/files.js";
import { sizeOf } from "../ground/words.js";
import { icon } from "./message-parts.js";

const GONE = {
  tombstone: "This file was deleted.",
  hidden_by_limit: "This file is hidden: the workspace keeps them for 90 days.",
  file_access: "This file cannot be seen from here.",
};

/** Show the files of a message, if it has some. */
export function files(all) {
  if (!all?.length) return null;
  return h("ul.files", { "aria-label": "Files" }, all.map((one) => h("li", {}, file(one))));
}

function file({ id, name, title, mimetype: kind, filetype, size, mode, is_external: elsewhere }) {
  const called = title || name || "A file";
  if (GONE[mode]) return tile({ words: GONE[mode], gone: true });
  const type = (filetype ?? "").toUpperCase();
  const about = [type, size ? sizeOf(size) : "", elsewhere && "not at Slack"].filter(Boolean).join(" · ");
  if (!id || elsewhere) return tile({ name: called, words: about });
  const url = `media/slack/control/file/${encodeURIComponent(id)}`;
  const saved = { name: called, words: about, url, download: name || called };
  const look = { picture: (src) => thumbnail(src, saved), tile: () => tile(saved) };
  const drawn = shown({ url, kind, name: called, size }, look);
  return isPicture(kind) || drawn.matches(".file") ? drawn : h("figure.file-played", {}, h("figcaption", {}, called), drawn);
}

function thumbnail(src, saved) {
  const drawn = h("img.file-picture", { src, alt: saved.name, loading: "lazy", onerror: () => link.replaceWith(tile(saved)) });
  const about = { href: src, download: saved.download, title: `${saved.name} · ${saved.words}`, "aria-label": `${saved.name}: save it` };
  const link = h("a.file-seen", about, drawn);
  return link;
}

function tile({ name, words, url, download, gone }) {
  const inner = [
    h("span.file-sign", { "aria-hidden": "true" }, icon(gone ? "remove" : "file")),
    h("span.file-words", {}, name && h("span.file-name", { dir: "auto" }, name), h("span.soft", {}, words)),
  ];
  return url ? h("a.file", { href: url, download }, inner) : h("div.file", {}, inner);
}
