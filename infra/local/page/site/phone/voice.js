// A voice message of silence: Opus in Ogg, written by hand, since this page brings no sounds along.
// https://www.rfc-editor.org/rfc/rfc7845

const RATE = 48_000;
const FRAME = 960; // samples, which are 20 ms
const PRE_SKIP = 312;
const SILENCE = [0xf8, 0xff, 0xfe];
const PER_PAGE = 50;
const SERIAL = 0x7411;
const POLYNOMIAL = 0x04c11db7;
const [FIRST, LAST] = [2, 4];

/** Give so many seconds of silence, in base64. */
export function voiceOf(seconds) {
  const frames = Math.ceil((seconds * RATE) / FRAME);
  const pages = [page([head()], 0, FIRST), page([tags()], 0, 0)];
  for (let done = 0; done < frames; ) {
    const now = Math.min(PER_PAGE, frames - done);
    done += now;
    pages.push(page(Array(now).fill(SILENCE), PRE_SKIP + done * FRAME, done === frames ? LAST : 0));
  }
  const bytes = pages.flatMap((make, number) => make(number));
  return btoa(String.fromCharCode(...bytes));
}

function head() {
  return [...letters("OpusHead"), 1, 1, ...little(PRE_SKIP, 2), ...little(RATE, 4), 0, 0, 0];
}

function tags() {
  const vendor = letters("threadline");
  return [...letters("OpusTags"), ...little(vendor.length, 4), ...vendor, ...little(0, 4)];
}

function page(packets, position, flag) {
  return (number) => {
    const sizes = packets.map(({ length }) => length);
    const start = [...letters("OggS"), 0, flag, ...little(position, 8), ...little(SERIAL, 4), ...little(number, 4)];
    const rest = [sizes.length, ...sizes, ...packets.flat()];
    return [...start, ...little(checksum([...start, 0, 0, 0, 0, ...rest]), 4), ...rest];
  };
}

function checksum(bytes) {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x80000000 ? (sum << 1) ^ POLYNOMIAL : sum << 1;
  }
  return sum >>> 0;
}

function little(number, bytes) {
  return Array.from({ length: bytes }, (_, place) => Math.floor(number / 256 ** place) % 256);
}

function letters(word) {
  return [...word].map((letter) => letter.charCodeAt(0));
}
