"""docs/glossary.md has the rooms and the adapters that the code has."""

import re

from docs.page import DOCS, Page

PAGE = Page("glossary.md")
PACKAGE = DOCS.parent / "functions" / "outreach"
ROOMS = {row[0] for row in PAGE.table("Rooms")}
LAYERS = ("domain", "usecases", "handlers", "adapters/dynamodb")


def folders(layer: str) -> set[str]:
    return {
        path.name for path in (PACKAGE / layer).iterdir() if path.is_dir() and not path.name.startswith("_")
    }


def modules(layer: str) -> set[str]:
    return {path.stem for path in (PACKAGE / layer).glob("[!_]*.py")}


def test_every_layer_has_the_rooms_of_the_table_and_no_other() -> None:
    for layer in LAYERS:
        assert folders(layer) - {"items"} <= ROOMS, layer


def test_every_room_of_the_table_is_in_the_code() -> None:
    assert set().union(*map(folders, LAYERS)) | modules("ports") | modules("wiring") >= ROOMS


def test_every_folder_of_adapters_is_listed() -> None:
    listed = set(re.findall(r"`(\w+)/`", PAGE.section("Rooms")))

    assert folders("adapters") - {"aws_models"} <= listed
