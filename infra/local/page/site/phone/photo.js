// A photo to send: a small landscape that is drawn anew each time, since this page brings no pictures along.

const WIDTH = 320;
const HEIGHT = 220;

/** Draw one; gives it in base64, as an address for an image, and its size. */
export function drawPhoto() {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  const hue = Math.floor(Math.random() * 360);
  sky(pen, hue);
  for (const [step, base] of [0.52, 0.66, 0.8].entries()) hills(pen, hue, step, base * HEIGHT);
  const url = canvas.toDataURL("image/png");
  return { url, data: url.slice(url.indexOf(",") + 1), width: WIDTH, height: HEIGHT };
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
