// The console beside the phones: tabs, what each shows, the inspector, the switches.

import { fragment, post } from "./http.js";

const side = document.querySelector(".side");
let looking = "";
let waiting = 0;

const current = () => side.querySelector(".panel:not([hidden])");

export async function load(panel = current()) {
  const html = await fragment(panel.dataset.source);
  if (panel.id === "panel-wire" && looking) {
    const kept = panel.querySelector("[data-detail]");
    panel.innerHTML = html;
    if (kept) panel.querySelector("[data-detail]").replaceWith(kept);
    return;
  }
  const id = panel.contains(document.activeElement) ? document.activeElement.id : "";
  panel.innerHTML = html;
  if (id) document.getElementById(id)?.focus();
  panel.dispatchEvent(new CustomEvent("loaded", { bubbles: true }));
}

// What a stream of news changes is asked for once it pauses, not at every message.
export function later(...names) {
  const panel = current();
  if (!names.includes(panel.id.slice("panel-".length)) || waiting) return;
  waiting = setTimeout(() => { waiting = 0; load(); }, 250);
}

export async function open(name, { focus = false } = {}) {
  for (const tab of side.querySelectorAll("[data-panel]")) {
    const on = tab.dataset.panel === name;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    document.getElementById(`panel-${tab.dataset.panel}`).hidden = !on;
    if (on && focus) tab.focus();
  }
  await load();
}

export async function look(what) {
  looking = what;
  const panel = document.getElementById("panel-wire");
  if (panel.hidden || !panel.querySelector("[data-detail]")) await open("wire");
  const detail = panel.querySelector("[data-detail]");
  detail.innerHTML = await fragment(`/inspect/${what}`);
  detail.scrollIntoView({ block: "nearest" });
}

// Arrow keys move between the tabs of one list, as the tab pattern has it.
export function arrows(event) {
  const tab = event.target.closest('[role="tab"]');
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!tab || !step) return;
  const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')];
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  event.preventDefault();
  next.focus();
  next.click();
}

async function submit(form) {
  const fields = Object.fromEntries(new FormData(form));
  if (form.dataset.callback !== undefined) {
    const answer = await post("/control/callback", { url: form.querySelector("input").value });
    const words = answer.verified ? "验证通过，已保存。" : `验证未通过：${answer.error}`;
    form.nextElementSibling.textContent = words;
  } else {
    await post("/control/people", { ...fields, platform: "wecom" });
    location.reload();
  }
}

export function listen() {
  document.addEventListener("keydown", arrows);
  document.addEventListener("click", (event) => {
    const target = event.target.closest("button");
    if (!target) return;
    if (target.dataset.look) look(target.dataset.look);
    else if (target.dataset.unlook !== undefined) { looking = ""; target.closest("[data-detail]").replaceChildren(); }
    else if (target.dataset.panel) open(target.dataset.panel);
    else if (target.dataset.forget !== undefined) post("/control/reset", {});
    else if (target.dataset.fault) {
      const on = target.getAttribute("aria-checked") !== "true";
      post("/control/fault", { ...JSON.parse(target.dataset.fault), on });
    }
  });
  side.addEventListener("submit", (event) => {
    if (event.target.dataset.callback === undefined && event.target.dataset.person === undefined) return;
    event.preventDefault();
    submit(event.target);
  });
  load();
}
