// The address book: who the customers are, and where each can be reached. Whoever is met elsewhere joins by themselves.

import { view, look } from "../ground/view.js";
import { world } from "../ground/world.js";

const CAST = [
  { name: "Sam Carter", number: "+1 555 013 4000", language: "en", at: "sms", hue: 150 },
  { name: "Ana Souza", number: "+55 11 98765-4321", language: "pt", at: "whatsapp", hue: 20 },
  { name: "Deniz Kaya", number: "+90 532 123 45 67", language: "tr", at: "telegram", hue: 255 },
];
const MET_KEPT = 40; // of those met elsewhere, so that a thousand of them leave the row a row

/** Reduce a phone number to its digits. */
function digitsOf(number) {
  return number.replace(/\D/g, "");
}

function addresses(digits) {
  return { twilio: `+${digits}`, whatsapp: digits, telegram: String(Number(digits.slice(-9))) };
}

function listed({ name, number, language = "", at = "", hue }, added) {
  const digits = digitsOf(number);
  return { key: digits, name, profile: name, shown: number, language, at, hue, added, addresses: addresses(digits) };
}

function book() {
  return [...CAST.map((one) => listed(one, false)), ...view.people.map((one) => listed(one, true))];
}

/** Everyone there is: the cast, who was added here, and who was met elsewhere. */
export function everyone() {
  const known = book();
  const taken = new Set([...known, ...removed()].flatMap(placesOf));
  const met = new Map();
  for (const [standIn, pocket] of Object.entries(world.phones)) {
    for (const who of pocket.phones.keys()) {
      if (taken.has(`${standIn} ${who}`)) continue;
      const person = stranger(standIn, who);
      const same = met.get(person.key);
      if (same) Object.assign(same.addresses, person.addresses);
      else met.set(person.key, person);
    }
  }
  const all = [...met.values()];
  const kept = all.filter(({ key }, at) => at >= all.length - MET_KEPT || key === view.person);
  return [...known, ...kept.map(named)];
}

function removed() {
  return view.removed.map((digits) => ({ addresses: addresses(digits) }));
}

function placesOf({ addresses: at }) {
  return Object.entries(at).map(([standIn, who]) => `${standIn} ${who}`);
}

function stranger(standIn, who) {
  const number = standIn !== "telegram" && /^\+?\d{7,15}$/.test(who) ? digitsOf(who) : "";
  const shown = number ? `+${number}` : standIn === "telegram" ? `Telegram ${who}` : who;
  const { twilio, whatsapp } = addresses(number);
  return {
    key: number || `${standIn} ${who}`,
    shown,
    language: "",
    at: "",
    added: false,
    addresses: number ? { twilio, whatsapp } : { [standIn]: who },
  };
}

function named(person) {
  const names = Object.entries(person.addresses).map(([standIn, who]) => world.phones[standIn]?.people?.[who]?.name);
  const profile = names.find((name) => name) ?? "";
  return { ...person, profile, name: profile || person.shown };
}

/** Say in words what is wrong with somebody to be added, by field; an empty object when all is well. */
export function objections({ name, number }) {
  const wrong = {};
  const digits = digitsOf(number);
  const same = book().find(({ key }) => key === digits);
  if (!name.trim()) wrong.name = "Enter a name.";
  else if (name.trim().length > 60) wrong.name = "A name has at most 60 characters here.";
  if (!digits) wrong.number = "Enter a phone number, with its country: +1 555 013 4001.";
  else if (/[^\d\s()+.-]/.test(number)) wrong.number = "A phone number is made of digits, with + at the beginning.";
  else if (digits.length < 8 || digits.length > 15 || digits.startsWith("0")) {
    wrong.number = "A phone number begins with its country and has 8 to 15 digits: +1 555 013 4001.";
  } else if (same) wrong.number = `This is the number of ${same.name}.`;
  return wrong;
}

/** Add somebody to the book and take up their phone. */
export function add({ name, number, language }) {
  const digits = digitsOf(number);
  const shown = `+${number.trim().replace(/^\++/, "")}`;
  look({
    people: [...view.people, { name: name.trim(), number: shown, language }],
    removed: view.removed.filter((one) => one !== digits),
    person: digits,
  });
}

/** Take somebody who was added out of the book again. */
export function remove(person) {
  const people = view.people.filter(({ number }) => digitsOf(number) !== person.key);
  look({ people, removed: [...view.removed, person.key], person: "" });
}
