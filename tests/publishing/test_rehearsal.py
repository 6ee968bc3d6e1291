"""What a rehearsal answers to typing errors."""

import pytest

from outreach_tools.rehearsal.prompt import Prompt
from outreach_tools.rehearsal.shop import Shop
from publishing.desk import Desk


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("sign-up", "a name of one word"),
        ("sign-up 'Jean Luc'", "a name of one word"),
        ("deliver ana toaster", "one of espresso, oven, skillet"),
        ("wait soon", "soon: not a duration"),
        ("wait 500d", "500d: longer than a year"),
        ("wait 1m 2m", "type help"),
        ("read 'this", "not understood"),
        ("dance", "type help"),
    ],
)
def test_a_typing_error_is_reported_and_the_rehearsal_goes_on(desk: Desk, typed: str, told: str) -> None:
    said: list[str] = []
    Prompt(Shop(desk.cloud), said.append, lambda _: None).follow([typed, "inbox"])

    assert told in said[0]
    assert said[1:] == ["nothing new"]
