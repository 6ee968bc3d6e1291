"""Translates merge tags of other services to Jinja: `*|FNAME|*`, `%%first_name%%`, `{{first_name}}`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from outreach_tools.importing.handlebars import Handlebars
from outreach_tools.importing.jinja_marks import JinjaMarks
from outreach_tools.importing.names import condition_on, meant_by
from outreach_tools.importing.notes import Notes

_STARS = re.compile(r"\*\|([A-Z0-9_:.\-=\" ]+)\|\*", re.IGNORECASE)
_PERCENTS = re.compile(r"%%\s*([\w. -]+?)\s*%%")
_LIQUID = re.compile(r"\{%.*?%\}", re.DOTALL)
_LIQUID_DEFAULT = re.compile(r"\{\{\s*([\w.]+)\s*\|\s*default:?\s*\(?\s*[\"']([^\"']*)[\"']\s*\)?\s*\}\}")

type Translate = Callable[[re.Match[str], int, bool], str]


@dataclass(slots=True)
class MergeTags:
    """All the ways to say a customer's name that are common in HTML files."""

    marks: JinjaMarks
    notes: Notes
    first_line: int = 1

    def translate(self, text: str, *, is_html: bool) -> str:
        """The text with marks for its tags; what cannot be translated is left out, and told with its line."""
        marked = self._sub(_LIQUID, text, self._refused, is_html=is_html)
        marked = self._sub(_LIQUID_DEFAULT, marked, self._with_default, is_html=is_html)
        marked = self._sub(_STARS, marked, self._stars, is_html=is_html)
        marked = self._sub(_PERCENTS, marked, self._named, is_html=is_html)
        handlebars = Handlebars(self.marks, self.notes, first_line=self.first_line)
        return handlebars.translate(marked, is_html=is_html)

    def _sub(self, pattern: re.Pattern[str], text: str, translate: Translate, *, is_html: bool) -> str:
        def tag(match: re.Match[str]) -> str:
            line = self.first_line + text.count("\n", 0, match.start())
            before = text[: match.start()]
            inside_tag = not is_html or before.rfind("<") > before.rfind(">")
            return translate(match, line, inside_tag)

        return pattern.sub(tag, text)

    def _refused(self, match: re.Match[str], line: int, _inside_tag: bool) -> str:
        self.notes.look(f"{match[0]} is another service's; write the condition anew", line)
        return ""

    def _with_default(self, match: re.Match[str], line: int, _inside_tag: bool) -> str:
        return self._shown(match[0], match[1], line, match[2])

    def _named(self, match: re.Match[str], line: int, _inside_tag: bool) -> str:
        return self._shown(match[0], match[1], line)

    def _stars(self, match: re.Match[str], line: int, inside_tag: bool) -> str:
        code = match[1].strip()
        keyword, _, name = code.partition(":")
        match keyword.upper():
            case "IF" | "IFNOT" if name and "=" not in name:
                asked = condition_on(name).expression
                negation = "not " if keyword.upper() == "IFNOT" else ""
                return self.marks.statement(f"if {negation}{asked}", inside_tag=inside_tag)
            case "ELSE":
                return self.marks.statement("else", inside_tag=inside_tag)
            case "END" if name.upper() == "IF":
                return self.marks.statement("endif", inside_tag=inside_tag)
            case "IF" | "IFNOT" | "ELSEIF" | "INTERESTED" | "HTML" | "MC":
                self.notes.look(f"*|{code}|* cannot be translated, and was left out", line)
                return ""
        return self._shown(f"*|{code}|*", code, line)

    def _shown(self, tag: str, name: str, line: int, instead: str | None = None) -> str:
        meant = meant_by(name, instead)
        if meant.known:
            self.notes.done(f"{tag} became {meant.expression}", line)
        else:
            self.notes.look(f"{tag} is no fact of ours; it became {meant.expression}", line)
        return self.marks.output(meant.expression)
