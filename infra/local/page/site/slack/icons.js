// The little line drawings of Slack's buttons.

const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9.5h10v7.5H5zM7 9.5V6.5a3 3 0 0 1 6 0v3",
  archive: "M3.5 4h13v4h-13zM5 8v8.5h10V8M8.5 11.5h3",
  shared: "M4 7.5h8.5v9H4zM8 7.5v-4h8.5v9h-4",
  react: "M16.4 10.5a7 7 0 1 1-6.9-7M7.2 8.5v.2M12 8.5v.2M6.8 12a3.6 3.6 0 0 0 5.8 0M15 2.5v5M12.5 5h5",
  smile: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0M7.5 8v.2M12.5 8v.2M7 12a3.8 3.8 0 0 0 6 0",
  reply: "M4 4h12a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 16 14h-5l-4 3v-3H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 4M6.5 7.5h7M6.5 10.5h4.5",
  edit: "M4 16l.8-3.6 8.7-8.7a1.4 1.4 0 0 1 2 0l.8.8a1.4 1.4 0 0 1 0 2L7.6 15.2zM12 5.2l2.8 2.8",
  remove: "M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 8.5v5M11.5 8.5v5",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4.5 6.5 10l5.5 5.5",
  down: "M10 4v12M5.5 11.5 10 16l4.5-4.5",
  send: "M3.5 3.8 17 10 3.5 16.2 5.5 10zM5.5 10H11",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5S15 15 10 15s-7.5-5-7.5-5M12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
  file: "M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15",
  members: "M13 17v-1.5a3.5 3.5 0 0 0-3.5-3.5h-3A3.5 3.5 0 0 0 3 15.5V17M10.8 6.5a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0M17.5 17v-1.2a3 3 0 0 0-2.5-3M13 4a2.8 2.8 0 0 1 0 5",
};

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  drawing.append(path);
  return drawing;
}
