// The media a customer can write on: through which stand-in each goes, what its app allows, how it says things.

const HERE = { latitude: -23.5614, longitude: -46.6559 }; // a corner of Avenida Paulista, where nobody of ours lives
const WHATSAPP_LONGEST = 65536;

const byTwilio = {
  provider: "Twilio",
  standIn: "twilio",
  ours: "+1 415 555 0100",
  words: (text, person, medium) => ({ text, medium, ...(person.profile ? { name: person.profile } : {}) }),
  photo: ({ data }, person, medium) => ({ ...byTwilio.words("", person, medium), media: [{ content_type: "image/png", data }] }),
};

/**
 * Each medium, in the order of its tabs. `longest` is what one message of the app holds, in UTF-16 units;
 * an app that `splits` makes several messages of what is longer, the others refuse it.
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
    stops: true,
  },
  {
    key: "whatsapp",
    name: "WhatsApp",
    provider: "Meta",
    standIn: "whatsapp",
    medium: "whatsapp",
    ours: "+1 555 078 3881",
    longest: WHATSAPP_LONGEST,
    blocks: true,
    hasWindow: true,
    words: (text, person) => ({ text, ...(person.profile ? { name: person.profile } : {}) }),
    photo: ({ data }, person) => ({
      ...MEDIUM.whatsapp.words("", person),
      type: "image",
      content: { data, mime_type: "image/png" },
    }),
    place: (person) => ({ ...MEDIUM.whatsapp.words("", person), type: "location", content: HERE }),
    react: (id, emoji) => ["write", { type: "reaction", content: { message_id: id, emoji } }],
  },
  {
    key: "telegram",
    name: "Telegram",
    provider: "Bot API",
    standIn: "telegram",
    medium: "telegram",
    ours: "@threadline_bot",
    longest: 4096,
    splits: true,
    blocks: true,
    edits: true,
    words: (text, person) => ({ text, ...telegramName(person) }),
    photo: ({ data, width, height }, person) => ({ ...telegramName(person), photo: [{ data, width, height }] }),
    place: (person) => ({ ...telegramName(person), location: HERE }),
    react: (id, emoji) => ["react", { message_id: id, emoji }],
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
