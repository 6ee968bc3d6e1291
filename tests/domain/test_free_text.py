"""Text from customers and producers reaches other people only as what it claims to be."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.intake.free_text import is_name, without_controls


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "Ana\u00a0María",
        "O'Neill-Łukasz",
        "J.R. Smith",
        "St.John",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0646",
        "👩\u200d🍳 Bo",
        "李",
        "Nullmann",
        "and/or",
        "x" * 80,
    ],
)
def test_a_name_is_one_in_any_script(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "Click https://evil.example/win NOW",
        "WIN 1 BTC at http://evil.example/win",
        "ftp://x",
        "WWW.evil.example",
        "go to www.evil.example",
        "ana@evil.example",
        "evil.example/win",
        "see evil.co.uk/x now",
        "лавка.рф/приз",
        "\uff45\uff56\uff49\uff4c\uff0e\uff43\uff4f\uff4d\uff0f\uff57",
        "ht\u200btp:\u200b//evil.example",
        "x" * 81,
        ".",
        "-",
        "12345",
        "\u200b" * 50,
        "null",
        " NULL ",
        "None",
        "undefined",
        "",
    ],
)
def test_a_link_a_lot_of_text_or_no_letter_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_what_would_control_a_terminal_or_reverse_the_text_is_dropped() -> None:
    assert without_controls("a\x00\x1b[2J\u202eb\u2066c\u2069\x85\td\n") == "a[2Jbc\td\n"


@given(st.text())
def test_nothing_but_controls_is_dropped(text: str) -> None:
    shown = without_controls(text)

    assert not any(category(each) == "Cc" and each not in "\n\t" for each in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    dropped = [each for each in text if category(each) != "Cc" or each in "\n\t"]
    assert (
        "".join(
            each for each in dropped if each not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        )
        == shown
    )
