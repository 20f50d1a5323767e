// What a customer has at hand to send: pictures drawn anew each time, and a voice that says nothing.

import { voiceOf } from "./voice.js";

const WIDTH = 320;
const HEIGHT = 220;
export const SECONDS = 3; // of the voice message

/** A picture, as files are: { name, kind, data, picture, width, height }. */
export function drawPhoto() {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  const hue = Math.floor(Math.random() * 360);
  sky(pen, hue);
  for (const [step, base] of [0.52, 0.66, 0.8].entries()) hills(pen, hue, step, base * HEIGHT);
  const url = canvas.toDataURL("image/png");
  const data = url.slice(url.indexOf(",") + 1);
  return { name: "photo.png", kind: "image/png", data, picture: url, width: WIDTH, height: HEIGHT };
}

function sky(pen, hue) {
  const light = pen.createLinearGradient(0, 0, 0, HEIGHT);
  light.addColorStop(0, `hsl(${hue} 45% 78%)`);
  light.addColorStop(1, `hsl(${(hue + 50) % 360} 70% 92%)`);
  pen.fillStyle = light;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = `hsl(${(hue + 40) % 360} 90% 96%)`;
  pen.beginPath();
  pen.arc(80 + Math.random() * 160, 60, 22, 0, 2 * Math.PI);
  pen.fill();
}

function hills(pen, hue, step, base) {
  const shift = Math.random() * 9;
  pen.fillStyle = `hsl(${hue} ${30 + step * 6}% ${58 - step * 15}%)`;
  pen.beginPath();
  pen.moveTo(0, HEIGHT);
  for (let x = 0; x <= WIDTH; x += 4) pen.lineTo(x, base + 16 * Math.sin(x / 48 + shift) + 7 * Math.sin(x / 17 + shift));
  pen.lineTo(WIDTH, HEIGHT);
  pen.fill();
}

/** A voice message, as files are. */
export function recordVoice() {
  return { name: "voice.ogg", kind: "audio/ogg", data: voiceOf(SECONDS), voice: true };
}
