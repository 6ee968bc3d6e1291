"""A message comes in the language that fits the customer's locale best, dates and all."""

from collections.abc import Callable

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import RenderedEmail

HEAD = '---\nsubject: "{}"\npreheader: "x"\n---\n'
HEAD += "<o-card><mj-text>{{{{ order.promised_at | date }}}} <o-word/></mj-text></o-card>"


@pytest.fixture
def spoken(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object]
) -> Callable[[str | None], RenderedEmail]:
    made = bundle(
        head="",
        body=HEAD.format("default"),
        files={
            "c/m.fr.mjml": HEAD.format("français"),
            "c/m.fr-CA.mjml": HEAD.format("québécois"),
            "c/m.de.mjml": HEAD.format("deutsch"),
            "_layout/word.mjml": "word",
            "_layout/word.de.mjml": "Wort",
        },
    )
    return lambda locale: made.render("c", "m", facts, locale=locale)


@pytest.mark.parametrize(
    ("locale", "subject"),
    [
        ("fr-CA", "québécois"),
        ("fr-BE", "français"),
        ("fr", "français"),
        ("FR_fr", "français"),
        ("de-AT", "deutsch"),
        ("es", "default"),
        (None, "default"),
        ("", "default"),
        ("../../etc", "default"),
        ("nonsense locale", "default"),
    ],
)
def test_the_closest_language_wins(
    spoken: Callable[[str | None], RenderedEmail], locale: str | None, subject: str
) -> None:
    assert spoken(locale).subject == subject


def test_dates_and_parts_speak_the_language_of_the_message_and_not_of_the_customer(
    spoken: Callable[[str | None], RenderedEmail],
) -> None:
    assert spoken("fr-CA").text == "mardi 10 mars word\n"
    assert spoken("de").text == "Dienstag, 10. März Wort\n"
    assert spoken("es").text == "Tuesday, 10 March word\n"


def test_the_html_says_its_language(spoken: Callable[[str | None], RenderedEmail]) -> None:
    assert '<html lang="fr-CA"' in spoken("fr-CA").html
    assert '<html lang="en"' in spoken(None).html


def test_a_message_is_named_once_whatever_its_languages(bundle: Callable[..., TemplateBundle]) -> None:
    assert bundle(files={"c/m.fr.mjml": "", "c/b.mjml": "", "c/deep/x.mjml": ""}).message_names("c") == (
        "b",
        "m",
    )
