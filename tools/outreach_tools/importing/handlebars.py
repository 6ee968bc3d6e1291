"""Translates Handlebars, as Amazon SES and Amazon Pinpoint use it, to Jinja."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from outreach_tools.importing.jinja_marks import JinjaMarks
from outreach_tools.importing.names import condition_on, item_name, meant_by
from outreach_tools.importing.notes import Notes

_TAG = re.compile(r"\{\{\{(.*?)\}\}\}|\{\{!--.*?--\}\}|\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[\w.\[\]@/-]+")
_BLOCK = re.compile(r"#(if|unless|each)\s+([\w.\[\]@/-]+)\s*$")


@dataclass(slots=True)
class Handlebars:
    """Takes the tags out of one template, block by block."""

    marks: JinjaMarks
    notes: Notes
    defaults: Mapping[str, str] = field(default_factory=dict)
    """What Pinpoint shows to those who lack an attribute (`DefaultSubstitutions`)."""
    first_line: int = 1
    _open: list[str] = field(default_factory=list)
    _untranslated: list[int] = field(default_factory=list)
    """For each block that was left out and is still open, how many others were open around it."""

    def translate(self, text: str, *, is_html: bool) -> str:
        """The text with marks for its tags; what cannot be translated is left out, and told with its line."""

        def tag(match: re.Match[str]) -> str:
            line = self.first_line + text.count("\n", 0, match.start())
            before = text[: match.start()]
            inside_tag = not is_html or before.rfind("<") > before.rfind(">")
            return self._tag(match, line, lambda code: self.marks.statement(code, inside_tag=inside_tag))

        translated = _TAG.sub(tag, text)
        while self._open:
            kind = self._open.pop()
            translated += self.marks.statement(
                "endfor" if kind == "each" else "endif", inside_tag=not is_html
            )
            self.notes.look(f"{{{{#{kind}}}}} was never closed; it now ends at the end of the file")
        return translated

    def _tag(self, match: re.Match[str], line: int, statement: Callable[[str], str]) -> str:
        code = (match[1] or match[2] or "").strip().strip("~").strip()
        if match[1] is not None:
            self.notes.done("what stood in {{{ }}} is escaped now, so that data cannot become markup", line)
        if not code or code.startswith("!"):
            return ""
        if code.startswith("/"):
            return self._close(code[1:].strip(), line, statement)
        if code.startswith("#"):
            return self._begin(code, line, statement)
        if code == "else" or code.startswith("else "):
            return self._else(code, line, statement)
        return self._show(code, line)

    def _begin(self, code: str, line: int, statement: Callable[[str], str]) -> str:
        match = _BLOCK.match(code)
        if match is None:
            what = f"{{{{{code}}}}} cannot be translated: what stands inside is now shown to everybody"
            self.notes.look(what, line)
            self._untranslated.append(len(self._open))
            return ""
        kind, name = match.groups()
        self._open.append(kind)
        if kind == "each":
            over = condition_on(name)
            self._tell(name, over.expression, line, known=over.known)
            return statement(f"for item in {over.expression}")
        asked = self._asked(name, line)
        return statement(f"if {asked}" if kind == "if" else f"if not {asked}")

    def _else(self, code: str, line: int, statement: Callable[[str], str]) -> str:
        if not self._open or self._is_untranslated():
            self.notes.look("{{else}} belongs to nothing, and was left out", line)
            return ""
        match = re.fullmatch(r"else\s+if\s+([\w.\[\]@/-]+)", code)
        if match:
            return statement(f"elif {self._asked(match[1], line)}")
        return statement("else")

    def _close(self, name: str, line: int, statement: Callable[[str], str]) -> str:
        if self._is_untranslated():
            self._untranslated.pop()
            return ""
        if not self._open or self._open[-1] != name:
            self.notes.look(f"{{{{/{name}}}}} closes nothing, and was left out", line)
            return ""
        return statement("endfor" if self._open.pop() == "each" else "endif")

    def _is_untranslated(self) -> bool:
        return bool(self._untranslated) and self._untranslated[-1] == len(self._open)

    def _show(self, code: str, line: int) -> str:
        if not _NAME.fullmatch(code):
            self.notes.look(f"{{{{{code}}}}} cannot be translated, and was left out", line)
            return ""
        local = self._local(code, line)
        if local is not None:
            return self.marks.output(local) if local else ""
        meant = meant_by(code, self.defaults.get(code))
        self._tell(code, meant.expression, line, known=meant.known)
        return self.marks.output(meant.expression)

    def _asked(self, name: str, line: int) -> str:
        local = self._local(name, line)
        if local is not None:
            return local or "false"
        asked = condition_on(name)
        self._tell(name, asked.expression, line, known=asked.known)
        return asked.expression

    def _local(self, name: str, line: int) -> str | None:
        """Inside of {{#each}}, names belong to the item; empty for one that no item has."""
        if "each" not in self._open:
            return None
        if name == "@index":
            return "loop.index0"
        if name in {"@first", "@last"}:
            return f"loop.{name[1:]}"
        if name in {"this", "."}:
            return "item.name"
        if name.startswith("../"):
            return None
        expression = item_name(name.removeprefix("this."))
        if not expression:
            self.notes.look(f"{{{{{name}}}}} is nothing that an item of an order has, and was left out", line)
        return expression

    def _tell(self, name: str, expression: str, line: int, *, known: bool) -> None:
        if known:
            self.notes.done(f"{{{{{name}}}}} became {expression}", line)
        else:
            self.notes.look(f"{{{{{name}}}}} is no fact of ours; it became {expression}", line)
