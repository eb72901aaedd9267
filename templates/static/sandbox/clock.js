// The virtual clock: shown as it runs, and its controls.

import { post } from "./http.js";

const box = document.querySelector("[data-clock]");
const face = document.getElementById("now");
const pause = document.getElementById("pause");
const speed = document.getElementById("speed");
const FORM = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "numeric", day: "numeric", weekday: "short",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

let base = Date.parse(box.dataset.now); // business instant at `since`
let since = performance.now();
let rate = box.dataset.paused === undefined ? Number(box.dataset.speed) : 0;
const watchers = [];

export const now = () => base + (performance.now() - since) * rate;
export const each = (watcher) => watchers.push(watcher);
export const steps = document.documentElement.dataset.steps !== undefined;

function words(at) {
  const part = Object.fromEntries(FORM.formatToParts(at).map((one) => [one.type, one.value]));
  const seconds = rate > 60 ? "" : `:${part.second}`;
  return { day: `${part.year}年${part.month}月${part.day}日 ${part.weekday}`, hour: `${part.hour}:${part.minute}`, seconds };
}

function draw() {
  const at = now();
  const { day, hour, seconds } = words(at);
  const text = `${day} ${hour}${seconds}`;
  if (face.textContent !== text) {
    face.textContent = text;
    for (const each of document.querySelectorAll("[data-hour]")) each.textContent = hour;
  }
  for (const watcher of watchers) watcher(at);
}

export function take(clock) {
  base = Date.parse(clock.now);
  since = performance.now();
  const held = clock.held === true;
  rate = clock.paused || held ? 0 : clock.speed;
  const paused = clock.paused && !held;
  if (!held) {
    pause.setAttribute("aria-pressed", String(paused));
    pause.querySelector("[data-words]").textContent = paused ? "继续" : "暂停";
  }
  if ([...speed.options].some((option) => Number(option.value) === clock.speed)) speed.value = String(clock.speed);
  draw();
}

export async function move(body) {
  box.setAttribute("aria-busy", "true");
  try {
    await post(steps ? "/control/step" : "/control/clock", body);
  } finally {
    box.removeAttribute("aria-busy");
  }
}

export function listen() {
  pause.addEventListener("click", () => post("/control/clock", { paused: pause.getAttribute("aria-pressed") !== "true" }));
  speed.addEventListener("change", () => post("/control/clock", { speed: Number(speed.value) }));
  document.getElementById("next")?.addEventListener("click", () => move({ next: true }));
  document.getElementById("jump").addEventListener("submit", (event) => {
    event.preventDefault();
    move({ to: `${document.getElementById("to").value}+08:00` });
  });
  draw();
  setInterval(draw, 100);
}
