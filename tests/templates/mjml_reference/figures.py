"""What says how a page is laid out: widths, heights, paddings and alignments, also for Outlook."""

import re
from html.parser import HTMLParser

_HEAD = re.compile(r"<head>.*?</head>", re.DOTALL)
_OUTLOOK = re.compile(r"\A\[if [^\]]*\]>|<!\[endif\]\Z")
_LAYS_OUT = re.compile(
    r"(?<![\w-])((?:max-|min-)?(?:width|height)|text-align|vertical-align|direction|padding(?:-\w+)?)\s*:\s*([^;]+)"
)
_DECIMALS = re.compile(r"(\d+\.\d\d)\d+")
_ATTRIBUTES = ("width", "height", "align", "valign")


def figures(html: str) -> list[str]:
    """Sorted, so that the order of attributes and cells does not count; numbers with two decimals."""
    page = _Page("")
    page.feed(_HEAD.sub("", html))
    page.close()
    return sorted(" ".join(_DECIMALS.sub(r"\1", each).split()) for each in page.found)


class _Page(HTMLParser):
    def __init__(self, reader: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._reader = reader

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = f"{self._reader}{tag}"
        self.found += [f"{name} {each}={values[each]}" for each in _ATTRIBUTES if values.get(each)]
        for match in _LAYS_OUT.finditer(values.get("style", "")):
            self.found.append(f"{name} {match[1]}: {match[2].strip()}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_comment(self, data: str) -> None:
        if data.startswith("[if"):
            outlook = _Page("Outlook: ")
            outlook.feed(_OUTLOOK.sub("", data))
            self.found += outlook.found
