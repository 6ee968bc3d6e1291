"""Makes the addresses of imported HTML fit for e-mails: whole, and https."""

import re
from dataclasses import dataclass

from outreach_tools.importing.jinja_marks import JinjaMarks
from outreach_tools.importing.notes import Notes

_TAG = re.compile(r"<(a|img)\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'\s(href|src|alt|target)="([^"]*)"', re.IGNORECASE)
_WHOLE = ("https://", "mailto:", "tel:", "zq")


@dataclass(slots=True)
class Addresses:
    """Fixes every link and every image."""

    marks: JinjaMarks
    notes: Notes

    def mend(self, html: str) -> str:
        """Links and images without a target lose their address; http:// becomes https://."""
        return _TAG.sub(self._tag, html)

    def _tag(self, match: re.Match[str]) -> str:
        name = match[1].lower()
        values = {each[1].lower(): each[2] for each in _ATTRIBUTE.finditer(match[2])}
        wanted = "src" if name == "img" else "href"
        address = self._whole(values.get(wanted, ""), name)
        rest = _ATTRIBUTE.sub("", match[2]).rstrip(" /")
        if name == "img":
            if not address:
                return values.get("alt", "")
            if "alt" not in values:
                self.notes.look("an image says nothing to those who do not see it: write its alt")
            return f'<img src="{address}" alt="{values.get("alt", "")}"{rest}>'
        return f'<a href="{address}"{rest}>' if address else f"<a{rest}>"

    def _whole(self, address: str, name: str) -> str:
        text = address.strip()
        if text.lower().startswith("http://"):
            self.notes.look(f"{_shown(text)} became https://: try whether it still works")
            return f"https://{text[len('http://') :]}"
        if text.startswith("//"):
            return f"https:{text}"
        if text.lower().startswith(_WHOLE):
            return self._fact(text, name)
        if text:
            what = "image" if name == "img" else "link"
            self.notes.look(
                f"the {what} {_shown(text)} is no whole address, and was left out: write https://..."
            )
        return ""

    def _fact(self, address: str, name: str) -> str:
        """A fact that may be empty, such as a name, is no address."""
        if not self.marks.leads_nowhere(address):
            return address
        what = "image" if name == "img" else "link"
        shown = self.marks.restore(address)
        self.notes.look(f"the {what} {shown} is no address: import left a gap here")
        return self.marks.gap(f"the address of the {what}", inside_tag=True)


def _shown(address: str) -> str:
    """Enough to find it by."""
    return address.split("?", 1)[0][:80]
