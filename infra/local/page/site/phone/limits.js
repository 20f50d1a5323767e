// How much one message of a medium holds, how an app cuts what is longer, and how it says so.

const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const GSM_DOUBLE = new Set("^{}\\[~]|€");
const NEAR = 0.8; // of the limit: from here on a counter is of use
const AROUND = 100; // units either side of a cut that are looked at for whole characters

/** Count the parts that an SMS travels in, and what still fits into the last one. */
export function segments(text) {
  let size = 0;
  for (const letter of text) {
    if (!GSM.has(letter) && !GSM_DOUBLE.has(letter)) return inParts(text.length, 70, 67);
    size += GSM_DOUBLE.has(letter) ? 2 : 1;
  }
  return inParts(size, 160, 153);
}

function inParts(size, one, many) {
  const parts = size <= one ? 1 : Math.ceil(size / many);
  return { parts, left: parts === 1 ? one - size : parts * many - size };
}

/** Cut a text into messages of at most `longest` units, at a space where there is one, never within a character. */
export function split(text, longest) {
  const parts = [];
  let rest = text;
  while (rest.length > longest) {
    const end = cut(rest, longest);
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest].filter((part) => part.trim());
}

function cut(text, longest) {
  const space = text.slice(0, longest).search(/\s\S*$/u);
  if (space > longest * 0.75) return space + 1;
  const from = Math.max(0, longest - AROUND);
  const whole = new Intl.Segmenter().segment(text.slice(from, longest + AROUND)).containing(longest - from);
  if (whole.index > 0) return from + whole.index;
  return text.codePointAt(longest - 1) > 0xffff ? longest - 1 : longest;
}

/** Tell how a draft stands: whether it can go, and the words for below it ("" while there is nothing to say). */
export function measure(medium, text) {
  const { longest, name } = medium;
  const over = text.length - longest;
  if (over > 0 && !medium.splits) {
    const most = longest.toLocaleString();
    return { goes: false, words: `Too long by ${over.toLocaleString()}: ${name} takes ${most} characters at most.` };
  }
  if (over > 0) return { goes: true, words: `Too long for one message: it goes out as ${split(text, longest).length}.` };
  if (medium.segments) return { goes: true, words: smsWords(text) };
  const near = text.length > longest * NEAR;
  return { goes: true, words: near ? `${(-over).toLocaleString()} characters left` : "" };
}

function smsWords(text) {
  const { parts, left } = segments(text);
  if (parts > 1) return `${parts} parts, ${left} left`;
  return left <= 40 ? `${left} left` : "";
}
