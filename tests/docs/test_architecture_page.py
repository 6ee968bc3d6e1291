"""docs/architecture.md is true: the files that it names exist, and its tables are those of the code."""

import re

from docs.page import DOCS, Page
from outreach.adapters.dynamodb import keys

PAGE = Page("architecture.md")
PROJECT = DOCS.parent
PACKAGE = PROJECT / "functions" / "outreach"
PATH = re.compile(r"`([\w./-]+/(?:[\w-]+\.(?:py|asl\.json|yaml|md))?)`")


def exists(name: str) -> bool:
    return (PROJECT / name).exists() or (PACKAGE / name).exists()


def test_every_file_and_folder_that_the_page_names_exists() -> None:
    named = PATH.findall(PAGE.text)

    assert len(named) > 30
    assert [name for name in named if not exists(name)] == []


def test_the_walk_of_an_event_passes_every_layer() -> None:
    walk = PATH.findall(PAGE.section("From the bus to an inbox"))
    layers = {name.partition("/")[0] for name in walk}

    assert {"handlers", "usecases", "domain", "adapters", "statemachines"} <= layers


def test_every_layer_of_the_package_has_a_row() -> None:
    rows = {row[0] for row in PAGE.table("Layers and rooms")}
    layers = {path.name for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith("_")}

    assert {f"functions/outreach/{layer}/" for layer in layers} <= rows


def test_the_table_of_rows_has_every_partition_and_kind_of_row() -> None:
    kinds = {
        value
        for name, value in vars(keys).items()
        if name.isupper() and name not in {"PARTITION", "SORT"} and isinstance(value, str) and value.isupper()
    }
    rows = " ".join(" ".join(row[1:]) for row in PAGE.table("The table"))

    assert len(kinds) > 10
    assert [kind for kind in sorted(kinds) if kind not in rows] == []
