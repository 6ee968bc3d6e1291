"""README.md opens with what Outreach is, in two sentences, and with two small pictures."""

import re

from docs.page import DOCS

README = (DOCS.parent / "README.md").read_text("utf-8")
PICTURES = re.findall(r"\]\((docs/pictures/[\w-]+\.png)\)", README)
LARGEST = 200_000
"""Bytes of a picture."""


def test_it_opens_with_two_sentences_and_two_pictures() -> None:
    opening = README.partition("\n\n")[2].partition("\n\n")[0]

    assert len(re.findall(r"\.(?:\s|$)", opening)) == 2
    assert len(set(PICTURES)) == 2
    assert README.index(PICTURES[0]) < README.index("## ")


def test_its_pictures_are_small_and_no_other_is_kept() -> None:
    kept = {path.relative_to(DOCS.parent).as_posix(): path for path in (DOCS / "pictures").iterdir()}

    assert set(kept) == set(PICTURES)
    assert [name for name, path in kept.items() if path.stat().st_size > LARGEST] == []
