// The media a customer can write on: their stand-ins, how each says things, what its app allows and how it cuts what is too long.

import { SECONDS } from "./samples.js";

export const HERE = { latitude: -23.5614, longitude: -46.6559 }; // a corner of Avenida Paulista, where nobody of ours lives
const WHATSAPP_LONGEST = 65536;

const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const GSM_DOUBLE = new Set("^{}\\[~]|€");
const NEAR = 0.8; // of the limit: from here on a counter is of use
const AROUND = 100; // units either side of a cut that are looked at for whole characters

const byTwilio = {
  provider: "Twilio",
  standIn: "twilio",
  words: (text, person, medium) => ({ text, medium, ...(person.profile ? { name: person.profile } : {}) }),
  files: (files, text, person, medium) => ({
    ...byTwilio.words(text, person, medium),
    media: files.map(({ kind, data }) => ({ content_type: kind, data })),
  }),
};

const WHATSAPP_KINDS = { image: /^image\/(png|jpeg)$/, video: /^video\/(mp4|3gpp)$/, audio: /^audio\// };

function whatsAppFile({ kind, data, name, voice }, text) {
  const type = Object.keys(WHATSAPP_KINDS).find((one) => WHATSAPP_KINDS[one].test(kind)) ?? "document";
  const content = { data, mime_type: kind };
  if (type === "document") content.filename = name;
  if (text && type !== "audio") content.caption = text;
  if (voice) content.voice = true;
  return { type, content };
}

const TELEGRAM_KINDS = { animation: /^image\/gif$/, photo: /^image\/(png|jpeg|webp)$/, video: /^video\//, audio: /^audio\// };

function telegramFile({ kind, data, name, voice, width = 1, height = 1 }) {
  const type = voice ? "voice" : (Object.keys(TELEGRAM_KINDS).find((one) => TELEGRAM_KINDS[one].test(kind)) ?? "document");
  if (type === "photo") return { photo: [{ data, width, height }] };
  const lasts = ["voice", "audio", "video"].includes(type) ? { duration: voice ? SECONDS : 1 } : {};
  return { [type]: { data, mime_type: kind, ...(voice ? {} : { file_name: name }), ...lasts } };
}

/**
 * Each medium, in the order of its tabs. `longest` is what one message of the app holds, in UTF-16 units;
 * an app that `splits` makes several messages of what is longer, the others refuse it; a `bare` one has bubbles
 * without time and ticks. A message holds as many as `several` files, or one; one that `mutes` a file takes no words with it.
 */
export const MEDIA = [
  {
    key: "sms",
    name: "SMS",
    ...byTwilio,
    medium: "sms",
    longest: 1600,
    splits: true,
    segments: true,
    several: 10,
    stops: true,
    bare: true,
  },
  {
    key: "whatsapp",
    name: "WhatsApp",
    provider: "Meta",
    standIn: "whatsapp",
    medium: "whatsapp",
    longest: WHATSAPP_LONGEST,
    blocks: true,
    hasWindow: true,
    words: (text, person) => ({ text, ...(person.profile ? { name: person.profile } : {}) }),
    mutes: ({ kind }) => kind.startsWith("audio/"),
    files: ([file], text, person) => ({ ...MEDIUM.whatsapp.words("", person), ...whatsAppFile(file, text) }),
    place: (person) => ({ ...MEDIUM.whatsapp.words("", person), type: "location", content: HERE }),
    edits: true,
    deletes: true,
    reacts: true,
    replies: true,
  },
  {
    key: "telegram",
    name: "Telegram",
    provider: "Bot API",
    standIn: "telegram",
    medium: "telegram",
    longest: 4096,
    splits: true,
    blocks: true,
    edits: true,
    deletes: true,
    reacts: true,
    replies: true,
    words: (text, person) => ({ text, ...telegramName(person) }),
    files: ([file], text, person) => ({ ...telegramName(person), ...telegramFile(file), ...(text ? { caption: text } : {}) }),
    album: (files, text, person) => ({ ...telegramName(person), media: files.map(telegramFile), text }),
    place: (person) => ({ ...telegramName(person), location: HERE }),
  },
  {
    key: "rcs",
    name: "RCS",
    ...byTwilio,
    medium: "rcs",
    longest: 3072,
    blocks: true,
  },
  {
    key: "whatsapp-twilio",
    name: "WhatsApp",
    ...byTwilio,
    medium: "whatsapp",
    longest: WHATSAPP_LONGEST,
    blocks: true,
    hasWindow: true,
    replies: true,
    place: (person) => ({
      ...byTwilio.words("", person, "whatsapp"),
      Latitude: HERE.latitude,
      Longitude: HERE.longitude,
    }),
  },
];

export const MEDIUM = Object.fromEntries(MEDIA.map((medium) => [medium.key, medium]));

/** Name a medium so that no two are called the same. */
export function fullName(medium) {
  return medium.key === "whatsapp-twilio" ? "WhatsApp by Twilio" : medium.name;
}

function telegramName({ profile, language }) {
  if (!profile) return language ? { language_code: language } : {};
  const [first, ...rest] = profile.split(" ");
  return {
    first_name: first,
    ...(rest.length ? { last_name: rest.join(" ") } : {}),
    ...(language ? { language_code: language } : {}),
  };
}

const CHIPS = {
  photo: "Photo",
  image: "Photo",
  video: "Video",
  animation: "GIF",
  audio: "Audio",
  voice: "Voice message",
  document: "File",
  sticker: "Sticker",
  location: "Location",
  contact: "Contact",
  contacts: "Contact",
  template: "Template",
  interactive: "Buttons",
  reaction: "Reaction",
};

/** Say what a message is when it is more than words; "" for words alone. */
export function kindOf({ type = "text", media = [] }) {
  if (type !== "text") return CHIPS[type] ?? type;
  if (!media.length) return "";
  const [sort] = (media[0].kind ?? "").split("/");
  return CHIPS[sort] ?? CHIPS.document;
}

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
    const most = longest.toLocaleString([]);
    return { goes: false, words: `Too long by ${over.toLocaleString([])}: ${name} takes ${most} characters at most.` };
  }
  if (over > 0) return { goes: true, words: `Too long for one message: it goes out as ${split(text, longest).length}.` };
  if (medium.segments) return { goes: true, words: smsWords(text) };
  const near = text.length > longest * NEAR;
  return { goes: true, words: near ? `${(-over).toLocaleString([])} characters left` : "" };
}

function smsWords(text) {
  const { parts, left } = segments(text);
  if (parts > 1) return `${parts} parts, ${left} left`;
  return left <= 40 ? `${left} left` : "";
}
