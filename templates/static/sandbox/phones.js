// The phones: messages put in place as they come, what a person taps and writes, which phones are on the page.

import { element, fragment, post, say } from "./http.js";

const phones = document.getElementById("phones");
const NEAR = 80; // pixels from the end within which a chat follows what comes

const phone = (person) => document.getElementById(`phone-${person}`);
const chip = (person) => document.querySelector(`[data-show="${CSS.escape(person)}"]`);

// Heights of messages far away are estimates until they are drawn, so the end is sought for a few frames.
function endOf(thread, frames = 6) {
  thread.scrollTop = thread.scrollHeight;
  if (frames) requestAnimationFrame(() => endOf(thread, frames - 1));
}

export function toEnd(scope) {
  for (const thread of scope.querySelectorAll(".thread")) if (thread.dataset.away === undefined) endOf(thread);
}

// A chat follows what comes until a person scrolls away from its end; only a hand can do that, not a change of heights.
function handled(event) {
  const thread = event.target.closest?.(".thread");
  if (!thread) return;
  setTimeout(() => {
    const near = thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR;
    if (near) delete thread.dataset.away;
    else thread.dataset.away = "";
  }, 150);
}

// Messages of a phone out of sight have no real height yet; it is brought to its end when it is seen.
const seen = new IntersectionObserver((found) => {
  for (const each of found) if (each.isIntersecting) toEnd(each.target);
}, { root: phones });

export function reveal(person) {
  phone(person)?.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "smooth" });
}

function count(badge, step) {
  if (!badge) return;
  const number = step === 0 ? 0 : Number(badge.textContent || 0) + step;
  badge.textContent = number || "";
  badge.hidden = number === 0;
}

export function put({ person, app, key, html }) {
  if (!html) return;
  const where = phone(person);
  if (!where) {
    if (key.startsWith("e")) count(chip(person)?.querySelector(".badge"), 1);
    return;
  }
  const item = element(html);
  const thread = where.querySelector(`[data-thread="${app}"]`);
  const there = thread.querySelector(`#${key}`);
  if (there) {
    // a request for the answered card's place keeps the keyboard where it was
    const held = there.contains(document.activeElement);
    there.replaceWith(item);
    if (held) (item.querySelector("button, a, select") || thread).focus({ preventScroll: true });
    return;
  }
  item.classList.add("fresh");
  thread.append(item);
  const panel = thread.closest(".app");
  if (panel.hidden) count(where.querySelector(`[data-app="${app}"] .badge`), 1);
  if (key.startsWith("s")) delete thread.dataset.away;
  if (thread.dataset.away === undefined) endOf(thread, 2);
}

export function clear() {
  for (const thread of phones.querySelectorAll(".thread")) {
    thread.replaceChildren();
    delete thread.dataset.away;
  }
  for (const badge of document.querySelectorAll(".badge")) count(badge, 0);
}

// --- what a person does -------------------------------------------------------------------------------------------

function chosen(card) {
  const selected = {};
  for (const select of card.querySelectorAll("select[data-question]")) {
    if (select.value) selected[select.dataset.question] = [select.value];
  }
  for (const vote of card.querySelectorAll("fieldset[data-question]")) {
    selected[vote.dataset.question] = [...vote.querySelectorAll("input:checked")].map((input) => input.value);
  }
  return selected;
}

async function press(button) {
  const card = button.closest("[data-entry]");
  const person = button.closest(".phone").dataset.person;
  card.setAttribute("aria-busy", "true");
  try {
    const answer = await post("/control/press", {
      person, message: Number(card.dataset.entry), button: button.dataset.press, selected: chosen(card),
    });
    if (answer.error) say(`机器人未能应答：${answer.error}`);
  } finally {
    card.removeAttribute("aria-busy");
  }
}

async function send(form) {
  const field = form.querySelector("textarea");
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  grow(field);
  await post("/control/say", { person: form.closest(".phone").dataset.person, text });
}

async function picture(input) {
  const file = input.files[0];
  if (!file) return;
  const data = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(file);
  });
  input.value = "";
  await post("/control/image", { person: input.closest(".phone").dataset.person, data, name: file.name });
}

function grow(field) {
  field.rows = Math.min(5, Math.max(1, field.value.split("\n").length));
}

// --- which phones and which app -----------------------------------------------------------------------------------

export function open(tab) {
  const where = tab.closest(".phone");
  for (const other of where.querySelectorAll("[data-app]")) {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !on;
  }
  count(tab.querySelector(".badge"), 0);
  toEnd(where);
}

function remember() {
  const shown = [...phones.querySelectorAll(".phone")].map((each) => each.dataset.person);
  history.replaceState(null, "", shown.length ? `?people=${shown.map(encodeURIComponent).join(",")}` : location.pathname);
}

export async function show(person, on) {
  const there = phone(person);
  if (on && !there) {
    const made = element(await fragment(`/phones/${encodeURIComponent(person)}`));
    if (phone(person)) return;
    phones.querySelector(".empty")?.remove();
    phones.append(made);
    seen.observe(made);
    made.scrollIntoView({ block: "nearest", inline: "nearest" });
  } else if (!on && there) {
    there.remove();
  }
  chip(person)?.setAttribute("aria-pressed", String(on));
  count(chip(person)?.querySelector(".badge"), 0);
  remember();
}

export async function only(people) {
  for (const each of [...phones.querySelectorAll(".phone")]) {
    if (!people.includes(each.dataset.person)) await show(each.dataset.person, false);
  }
  for (const person of people) await show(person, true);
  for (const person of people) phones.append(phone(person));
  phones.scrollLeft = 0;
  toEnd(phones);
  remember();
}

export function listen() {
  toEnd(phones);
  for (const each of phones.querySelectorAll(".phone")) seen.observe(each);
  for (const kind of ["wheel", "touchmove", "pointerup", "keydown"]) phones.addEventListener(kind, handled, { passive: true });
  phones.addEventListener("click", (event) => {
    const target = event.target.closest("button");
    if (!target) return;
    if (target.dataset.press !== undefined) press(target);
    else if (target.dataset.app) open(target);
    else if (target.dataset.close !== undefined) show(target.closest(".phone").dataset.person, false);
  });
  phones.addEventListener("submit", (event) => { event.preventDefault(); send(event.target); });
  phones.addEventListener("input", (event) => { if (event.target.matches("textarea")) grow(event.target); });
  phones.addEventListener("change", (event) => { if (event.target.matches("[data-image]")) picture(event.target); });
  phones.addEventListener("keydown", (event) => {
    if (event.target.matches("textarea") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send(event.target.form);
    }
  });
  document.querySelector(".people").addEventListener("click", (event) => {
    const target = event.target.closest("[data-show]");
    if (target) show(target.dataset.show, target.getAttribute("aria-pressed") !== "true");
  });
}
