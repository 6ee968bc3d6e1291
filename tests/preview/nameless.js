// Everything that can be operated and has no name for whoever cannot see it.
() => {
  const operable = [...document.querySelectorAll("a, button, select, input:not([type=hidden]), iframe")];
  const named = (it) => it.getAttribute("aria-label") || it.title || it.textContent.trim() || (it.labels || []).length;
  return operable.filter((it) => !named(it)).map((it) => it.outerHTML);
}
