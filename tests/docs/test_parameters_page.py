"""docs/parameters.md has every parameter of the template, with its default and what it is."""

from docs.page import Page
from stack_files import template


def test_every_parameter_is_in_the_table_as_the_template_declares_it() -> None:
    declared = [
        [name, default_of(parameter), parameter["Description"].replace("`", "")]
        for name, parameter in template()["Parameters"].items()
    ]

    assert Page("parameters.md").table("All of them") == declared, (
        "run: .venv/bin/python tools/parameters_page.py"
    )


def default_of(parameter: dict[str, str]) -> str:
    if "Default" not in parameter:
        return "none: it must be given"
    return str(parameter["Default"]) if parameter["Default"] != "" else "empty"
