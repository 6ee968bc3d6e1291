"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const rows = [...by("list").children];
  const mails = rows.filter((row) => row.classList.contains("mail"));
  const words = new Map(mails.map((row) => [row, `${row.textContent} ${row.firstElementChild.dataset.message}`.toLowerCase()]));
  const chosen = (name) => document.querySelector(`input[name=${name}]:checked`).value;
  let current = null;

  const show = (link, focus) => {
    if (current) current.removeAttribute("aria-current");
    current = link;
    link.setAttribute("aria-current", "true");
    by("head").hidden = false;
    by("subject").textContent = link.querySelector("strong").textContent;
    by("to").textContent = `${link.dataset.to} (${link.parentElement.dataset.customer})`;
    by("sent").textContent = `${link.querySelector("time").textContent} UTC`;
    by("message").textContent = `${link.parentElement.dataset.campaign} / ${link.dataset.message}`;
    by("stage").className = `stage ${chosen("width")}`;
    by("mail").src = chosen("part") === "text" ? link.dataset.text : link.getAttribute("href");
    if (focus) { link.focus(); link.scrollIntoView({ block: "nearest" }); }
  };

  const filter = () => {
    const campaign = by("campaign").value, customer = by("customer").value, search = by("search").value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const mine = !customer || row.dataset.customer === customer;
      if (row.classList.contains("mail")) {
        row.hidden = !(mine && (!campaign || row.dataset.campaign === campaign) && (!search || words.get(row).includes(search)));
        count += row.hidden ? 0 : 1;
      } else {
        row.hidden = !(customer && mine && !campaign && !search);
      }
    }
    by("count").textContent = `${count.toLocaleString("en")} of ${mails.length.toLocaleString("en")} e-mails` + (customer ? ", with what happened in between" : "");
    by("nothing").hidden = count > 0;
    location.replace(`#${new URLSearchParams({ campaign, customer, search })}`);
  };

  by("list").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link, false);
    if (matchMedia("(max-width: 860px)").matches) by("reader").scrollIntoView();
  });
  by("list").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.closest("a")) return;
    event.preventDefault();
    const seen = mails.filter((row) => !row.hidden);
    const next = seen[seen.indexOf(event.target.closest("li")) + step];
    if (next) show(next.firstElementChild, true);
  });
  by("only").addEventListener("click", () => {
    by("customer").value = current.parentElement.dataset.customer;
    by("campaign").value = "";
    by("search").value = "";
    filter();
    current.scrollIntoView({ block: "center" });
  });
  for (const id of ["campaign", "customer"]) by(id).addEventListener("change", filter);
  by("search").addEventListener("input", filter);
  by("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const choice of document.querySelectorAll(".switches input")) choice.addEventListener("change", () => show(current, false));

  const asked = new URLSearchParams(location.hash.slice(1));
  for (const id of ["campaign", "customer", "search"]) if (asked.get(id)) by(id).value = asked.get(id);
  by("filters").hidden = false;
  filter();
  const first = mails.find((row) => !row.hidden);
  if (first) show(first.firstElementChild, false);
})();
