"""YAML that cannot be read is a problem with its file and place, whatever kind of error the parser raises."""

from collections.abc import Callable

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import TemplateError
from outreach_tools.checks import Checker
from templates.small_folder import small_folder

BODY = "<o-card><mj-text>a</mj-text></o-card>"
HEADS = {
    "a control character": ('subject: "a\x1bb"\npreheader: "c"', 2, 12),
    "a NUL": ('subject: "a"\npreheader: "c\x00"', 3, 14),
    "half a character": ('subject: "a"\npreheader: "\ufffe"', 3, 13),
    "a tab as indentation": ("subject: a\n\tpreheader: b", 3, 1),
}
BRANDS = {
    "a control character": ("name: S\nlanguage: e\x07n\n", 2, 12),
    "a NUL": ("name: \x00\n", 1, 7),
    "a month that is none": ("name: S\nfounded: 2026-13-45\n", 1, 1),
}


@pytest.mark.parametrize(("head", "line", "column"), HEADS.values(), ids=HEADS)
def test_a_head_that_is_no_yaml_is_a_problem_with_its_place(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], head: str, line: int, column: int
) -> None:
    made = bundle(BODY, f"---\n{head}\n---\n")
    with pytest.raises(TemplateError) as found:
        made.render("c", "m", facts)
    assert (found.value.file, found.value.line, found.value.column) == ("c/m.mjml", line, column)


@pytest.mark.parametrize(("brand", "line", "column"), BRANDS.values(), ids=BRANDS)
def test_a_file_of_values_that_is_no_yaml_is_a_problem_with_its_place(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], brand: str, line: int, column: int
) -> None:
    made = bundle(BODY, files={"brand.yaml": brand})
    with pytest.raises(TemplateError) as found:
        made.render("c", "m", facts)
    assert (found.value.file, found.value.line, found.value.column) == ("brand.yaml", line, column)


@pytest.mark.parametrize("file", ["brand.yaml", "c/campaign.yaml", "c/sample.yaml", "c/m.mjml"])
def test_the_checker_says_where_a_control_character_is(file: str) -> None:
    files = dict(small_folder(BODY))
    text = files.get(file, b"ana: {}\n").decode()
    files[file] = text.replace(":", ": \x1b", 1).encode()

    report = Checker().check(files)

    line = text[: text.index(":")].count("\n") + 1
    assert (file, line) in {(error.file, error.line) for error in report.errors}
