"""Comments that Outlook for Windows reads as conditions: `<!--[if mso]> ... <![endif]-->`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.tokens import FROM_WORD, is_of_word
from outreach.adapters.templates.markup.tree import OutlookComment, Place, problem_at

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from outreach.adapters.templates.markup.blocks import Open
    from outreach.adapters.templates.markup.tokens import Source

RAW_HTML = "mj-raw"
"""The only component in which such comments may stand."""
OTHER_PREFIXES = ("v:", "w:", "o:")
"""Elements of VML and of Office, which only Outlook knows."""
ELEMENTS = frozenset({"xml", "noscript", "center"})
"""More that may stand in <mj-raw>, because Outlook's own sheets and buttons need them."""


def is_of_outlook(name: str) -> bool:
    """Whether an element may stand in <mj-raw> because Outlook reads it."""
    return name in ELEMENTS or name.startswith(OTHER_PREFIXES)


@dataclass(slots=True)
class OutlookComments:
    """Follows the comments of one source, which come in pairs and never inside each other."""

    _source: Source
    _begun: Place | None = None

    def comment(self, match: re.Match[str], opened: Sequence[Open]) -> OutlookComment:
        """The beginning or the end that was matched. Raises TemplateError where it cannot stand."""
        place = self._source.place(match.start())
        if not any(each.name == RAW_HTML for each in opened):
            if is_of_word(self._source.text, match.start()):
                raise problem_at(place, FROM_WORD)
            raise problem_at(place, f"comments for Outlook cannot stand here; put them in <{RAW_HTML}>")
        if match["outlook"]:
            if self._begun:
                raise problem_at(place, f"this comment begins inside that of line {self._begun.line}; {_END}")
            self._begun = place
        elif self._begun:
            self._begun = None
        else:
            raise problem_at(
                place, "<![endif]--> ends nothing; write <!--[if mso]> before it, or take it out"
            )
        return OutlookComment(match[0], place)

    def check_name(self, match: re.Match[str], group: str) -> None:
        """Raises TemplateError for an element of Outlook that others would see."""
        if self._begun is None and match[group].lower().startswith(OTHER_PREFIXES):
            place = self._source.place(match.start())
            raise problem_at(place, FROM_WORD)

    def check_ended(self) -> None:
        """At the end of <mj-raw>. Raises TemplateError if a comment goes on."""
        if self._begun:
            raise problem_at(self._begun, f"this comment has no end in its <{RAW_HTML}>; {_END}")


_END = "write <![endif]--> where it ends"
