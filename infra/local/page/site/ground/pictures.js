// Pictures that may be shown here: those of this page, and customers' as the application hands them out.

import { world } from "./world.js";

const INLINE = /^data:image\/(?:png|jpe?g|gif|webp);/i;
const FACE = /^\/files\/[A-Za-z0-9_-]{22}$/;

/** The address on this page of a picture that is ours to show, or "": what lies elsewhere is never fetched. */
export function ownPicture(url) {
  if (typeof url !== "string") return "";
  if (/^\/media\//.test(url) || INLINE.test(url)) return url;
  const home = world.about.public;
  const path = home && url.startsWith(home) ? url.slice(home.length) : "";
  return FACE.test(path) ? `/media/app${path}` : "";
}
