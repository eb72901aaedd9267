// What the demo adds: the matters and their lines, the stories and their captions, beginning anew.

import * as clock from "./clock.js";
import { post } from "./http.js";
import * as panel from "./panel.js";
import * as phones from "./phones.js";

const caption = document.getElementById("caption");
const matters = document.getElementById("panel-matters");
const MINUTE = 60_000;

function span(milliseconds) {
  const minutes = Math.max(0, Math.round(milliseconds / MINUTE));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days) return hours ? `${days}天${hours}小时后` : `${days}天后`;
  if (hours) return rest ? `${hours}小时${rest}分后` : `${hours}小时后`;
  return minutes ? `${rest}分钟后` : "即将";
}

function set(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

// Called ten times a second: the countdowns, the needle, the hour on the line between past and coming.
function run(now) {
  if (matters.hidden) return;
  for (const each of matters.querySelectorAll("[data-until]")) set(each, span(Date.parse(each.dataset.until) - now));
  const here = matters.querySelector("[data-now]");
  if (here) set(here, document.getElementById("now").textContent);
  const needle = matters.querySelector("[data-needle]");
  if (!needle) return;
  const { start, end } = needle.closest("svg").dataset;
  const share = Math.min(1, Math.max(0, (now - Date.parse(start)) / (Date.parse(end) - Date.parse(start))));
  const x = `${(97 * Math.sqrt(share) + 1.5).toFixed(2)}%`;
  needle.setAttribute("x1", x);
  needle.setAttribute("x2", x);
}

function choose(button) {
  const open = button.getAttribute("aria-expanded") === "true";
  matters.dataset.source = `/matters?matter=${open ? -1 : button.dataset.matter}`;
  return panel.load(matters).then(() => {
    const chosen = matters.querySelector(`[data-matter="${button.dataset.matter}"]`);
    chosen?.focus({ preventScroll: true });
    if (!open) chosen?.scrollIntoView({ block: innerWidth < 900 ? "nearest" : "start" });
  });
}

async function busy(button, work) {
  button.disabled = true;
  try { await work(); } finally { button.disabled = false; }
}

function tell(found) {
  if (found.people) phones.only(found.people);
  if (found.who) phones.reveal(found.who);
  if (found.caption === undefined) return;
  caption.textContent = found.caption;
  caption.hidden = !found.caption;
  caption.classList.toggle("halted", found.state === "halted");
  document.documentElement.dataset.tale = found.state;
  panel.later("tales");
}

export function listen() {
  clock.each(run);
  document.addEventListener("desk", (event) => tell(event.detail));
  document.addEventListener("click", (event) => {
    const target = event.target.closest("button");
    if (!target) return;
    if (target.dataset.matter) choose(target);
    else if (target.dataset.to) clock.move({ to: target.dataset.to });
    else if (target.dataset.play) busy(target, () => post("/control/tale", { play: target.dataset.play }));
    else if (target.dataset.halt) post("/control/tale", { halt: target.dataset.halt === "true" });
    else if (target.dataset.end !== undefined) post("/control/tale", { end: true });
    else if (target.dataset.restart !== undefined) {
      matters.dataset.source = "/matters";
      busy(target, () => post("/control/restart", {}));
    }
  });
}
