// How the page says things that all of its parts say: moments, days, numbers, names, and what went wrong.

// A form is kept: to make one takes longer than to draw a bubble.
const TIME = new Intl.DateTimeFormat([], { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat([], { weekday: "long", day: "numeric", month: "long" });
const SERVICES = { slack: "Slack", twilio: "Twilio", whatsapp: "WhatsApp", telegram: "Telegram" };
const HUES = 360;

/** Write a moment (ms) as a clock shows it. */
export function clock(ms) {
  return TIME.format(ms);
}

/** Write the day of a moment (ms): Today, Yesterday, or its date. */
export function dayName(ms, now = Date.now()) {
  const ago = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(ms).setHours(0, 0, 0, 0)) / 86_400_000);
  return ["Today", "Yesterday"][ago] ?? DAY.format(ms);
}

/** Write how many there are of something. */
export function counted(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** The initials of a name, two at most. */
export function initials(name) {
  const words = name.split(/[\s·]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const ends = words.length > 2 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...word][0].toLocaleUpperCase()).join("") || "?";
}

/** A number that is always the same for the same key, and seldom for two. */
export function hashed(key, most = HUES) {
  let sum = 7;
  for (const letter of key) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % most;
}

/** Name a service as people know it. */
export function service(name) {
  return SERVICES[name] ?? String(name ?? "Somebody");
}

/** Say why something could not be done. */
export function inWords(error) {
  // What fetch throws when nobody answers.
  if (error instanceof TypeError) return "Threadline is not running just now. Nothing of yours is lost.";
  const { message } = error;
  return /[.!?]$/.test(message) ? message : `${message[0].toUpperCase()}${message.slice(1)}.`;
}

const UNITS = ["bytes", "kB", "MB", "GB"];

/** Write how large something is. */
export function sizeOf(bytes) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  const size = bytes / 1024 ** step;
  return `${size.toLocaleString("en", { maximumFractionDigits: step > 1 && size < 10 ? 1 : 0 })} ${UNITS[step]}`;
}
