// Every element with words of its own whose contrast is below WCAG AA (4.5 to 1).
() => {
  const colour = (text) => text.match(/[\d.]+/g).map(Number);
  const linear = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (it) => {
    for (; it; it = it.parentElement) {
      const found = colour(getComputedStyle(it).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const ratio = (it) => {
    const [a, b] = [light(colour(getComputedStyle(it).color)), light(ground(it))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const words = [...document.querySelectorAll("a, p, h1, h2, h3, span, li, button, label, small, code")]
    .filter((it) => it.checkVisibility() && [...it.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
  return words.filter((it) => ratio(it) < 4.5).map((it) => it.outerHTML);
}
