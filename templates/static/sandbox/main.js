// Starts the page and hands each piece of news to whoever shows it.

import * as clock from "./clock.js";
import * as panel from "./panel.js";
import * as phones from "./phones.js";

const root = document.documentElement;

function follow() {
  const news = new EventSource(`/live?after=${root.dataset.last}`);
  const on = (kind, act) => news.addEventListener(kind, (event) => act(JSON.parse(event.data)));
  on("hello", ({ boot }) => {
    if (boot !== root.dataset.boot) location.reload(); // another sandbox: nothing on the page is its
    root.dataset.live = "";
  });
  on("item", (item) => { phones.put(item); panel.later("matters", "wire"); });
  on("clock", (found) => { clock.take(found); panel.later("matters"); });
  on("line", () => panel.later("wire"));
  on("fault", () => panel.later("faults"));
  on("reset", () => { phones.clear(); panel.later("matters", "tales", "wire", "faults"); });
  on("desk", (found) => document.dispatchEvent(new CustomEvent("desk", { detail: found })));
  news.onerror = () => delete root.dataset.live;
  return news;
}

clock.listen();
phones.listen();
panel.listen();
follow();
if (clock.steps) import("./desk.js").then((desk) => desk.listen());
