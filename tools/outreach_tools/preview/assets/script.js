"use strict";
// Follows saved files, shows messages in the chosen look, and listens to single keys. All pages work without it.

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

// ------------------------------------------------------------------ messages

// The message's bytes stay as they are sent; only the browser is told which look to prefer.
function look(frame) {
  const page = frame.contentDocument;
  if (!page || !page.body) return;
  const dark = frame.dataset.look === "dark";
  page.documentElement.style.colorScheme = dark ? "dark" : "light";
  const decide = (rules) => {
    for (const rule of rules) {
      if (!rule.media) continue;
      const wanted = rule.media.mediaText;
      if (wanted.includes("prefers-color-scheme: dark")) rule.media.mediaText = dark ? "all" : "not all";
      else if (wanted.includes("prefers-color-scheme: light")) rule.media.mediaText = dark ? "not all" : "all";
    }
  };
  for (const sheet of page.styleSheets) decide(sheet.cssRules);
  for (const link of $$("a[href]", page)) { link.target = "_blank"; link.rel = "noopener"; }
  const grow = () => {
    if (frame.closest(".desktop")) frame.style.height = `${page.body.scrollHeight + 1}px`;
  };
  grow();
  new ResizeObserver(grow).observe(page.body);
}

function prepare(within) {
  for (const frame of $$("iframe[data-look]", within)) {
    frame.addEventListener("load", () => look(frame));
    if (frame.contentDocument && frame.contentDocument.readyState === "complete") look(frame);
  }
  for (const part of $$("[data-load]", within)) {
    fetch(part.dataset.load).then((answer) => answer.text()).then((html) => { part.innerHTML = html; });
  }
}

// ------------------------------------------------------------------ going from page to page without a blink

async function go(address, { push = true, focus = false } = {}) {
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const at = { main: $("#main").scrollTop, side: $("#side").scrollTop };
  const same = new URL(address, location).pathname === location.pathname;
  for (const id of ["main", "side"]) $(`#${id}`).innerHTML = $(`#${id}`, page).innerHTML;
  $("#main").scrollTop = same ? at.main : 0;
  $("#side").scrollTop = at.side;
  document.title = page.title;
  document.body.dataset.state = page.body.dataset.state;
  if (push) history.pushState(null, "", address);
  prepare($("#main"));
  if (focus) $("#main").focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.hash || url.pathname.startsWith("/messages/")) return;
  event.preventDefault();
  const view = link.closest(".views");
  go(link.href).then(() => { const now = view ? $(".views [aria-current]") : $(".side [aria-current]"); if (now) now.focus(); });
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.choose");
  if (!form) return;
  const name = event.target === document.activeElement ? event.target.name : null;
  const said = [...new FormData(form)].filter(([, value]) => value);
  go(`${location.pathname}?${new URLSearchParams(said)}`).then(() => { const field = name && $(`[name=${name}]`); if (field) field.focus(); });
});
window.addEventListener("popstate", () => go(location.href, { push: false }));

// ------------------------------------------------------------------ following saved files

function tell(state, words) {
  $("#live").className = `live ${state}`;
  $("#live-words").textContent = words;
}

// A page knows what state it shows: what was saved while it was under way is not missed.
function follow() {
  const changes = new EventSource("/changes");
  changes.addEventListener("state", (event) => {
    if (event.data === document.body.dataset.state) {
      if (!$("#live").classList.contains("on")) tell("on", "Follows as you save");
    } else {
      go(location.href, { push: false }).then(() => {
        $("#main").classList.remove("refreshed");
        void $("#main").offsetWidth;
        $("#main").classList.add("refreshed");
        tell("on", `Updated at ${new Date().toLocaleTimeString()}`);
      });
    }
  });
  changes.addEventListener("error", () => tell("off", "The preview has stopped; start it again"));
}

// ------------------------------------------------------------------ keys

const keys = {
  get on() { return localStorage.getItem("keys") !== "off"; },
  set on(value) { localStorage.setItem("keys", value ? "on" : "off"); },
};

function step(by) {
  const links = $$(".side li a");
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[here < 0 ? 0 : (here + by + links.length) % links.length];
  if (next) next.click();
}
function nextOption(name) {
  const field = $(`select[name=${name}]`);
  if (!field || !field.options.length) return;
  field.selectedIndex = (field.selectedIndex + 1) % field.options.length;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
function press(key) {
  const view = $$(".views a")[Number(key) - 1];
  if (view) view.click();
  else if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "s") nextOption("sample");
  else if (key === "l") nextOption("language");
  else if (key === "t") { const to = $(".notes .kicker a"); if (to) to.click(); }
  else if (key === "?") $("#help").showModal();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("#help").open) return;
  if (event.target.closest("input, select, textarea")) return;
  if (keys.on || event.key === "?") press(event.key.toLowerCase());
});

document.documentElement.classList.add("js");
$("#help-button").hidden = false;
$("#help-button").addEventListener("click", () => $("#help").showModal());
$("#keys-on").checked = keys.on;
$("#keys-on").addEventListener("change", (event) => { keys.on = event.target.checked; });
prepare(document);
follow();
