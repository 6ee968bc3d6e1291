"""Text from outside cannot control a terminal or a spreadsheet, whichever command prints it."""

import ast
import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import Result

from local_cloud import LocalCloud
from outreach.domain.feedback.suppression import AddressStatus, KnownAddress, Mark
from outreach.domain.intake.customer import SuppressionReason
from outreach_tools.cli import screen
from outreach_tools.operations.suppression_file import read_file, write_file
from outreach_tools.printable import csv_cell, from_csv_cell, printable, printable_json

COMMANDS = Path(__file__).parents[2] / "tools/outreach_tools/cli"
EVIL = "\x1b[2J\x1b]0;owned\x07\x00\x9b31m\u202egpj.exe\u2066\r"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

type Outreach = Callable[..., Result]


@given(st.text())
def test_nothing_that_is_printed_steers_a_terminal(text: str) -> None:
    shown = printable(text)

    assert not [each for each in shown if ord(each) < 32 and each not in "\n\t"]
    assert not [each for each in shown if 0x7F <= ord(each) <= 0x9F]
    assert not set(shown) & set(
        "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    assert printable(shown) == shown


@pytest.mark.parametrize("text", ["Ana Ruiz", "Zoë, 李", "two\nlines\tand a tab", "👩‍🚀"])
def test_honest_text_is_printed_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_control_characters_are_made_visible() -> None:
    assert printable("a\x1b[2Jb\u202ec") == "a\u241b[2Jb\ufffdc"


@given(st.text())
def test_a_json_document_stays_the_same_document(text: str) -> None:
    document = printable_json(json.dumps({"said": text}, ensure_ascii=False))

    assert json.loads(document) == {"said": text}
    assert printable(document) == document


def test_what_a_console_prints_is_guarded_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.table import Table  # noqa: PLC0415 - slow to import
    from rich.tree import Tree  # noqa: PLC0415 - slow to import

    table = Table("column")
    table.add_row(EVIL)
    for said in (EVIL, table, Tree(EVIL)):
        screen.results().print(said, markup=False)
        screen.notes().print(said, markup=False)
    screen.say(EVIL)
    screen.print_json({"said": EVIL})

    out, err = capsys.readouterr()
    assert (printable(out), printable(err)) == (out, err)
    assert "\u241b" in out
    assert "\u241b" in err


def test_a_failure_is_guarded(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Exception, match="1"):
        screen.fail([EVIL])

    assert capsys.readouterr().err == f"{printable(EVIL)}\n"


def test_every_command_prints_through_the_guard() -> None:
    """`print`, `typer.echo` and the streams themselves would bypass it."""
    for file in sorted(COMMANDS.rglob("*.py")):
        if file.name == "screen.py":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            call = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            goes_round = call in {"print", "typer.echo", "typer.secho", "Console", "rich.print"}
            assert not goes_round, f"{file.name}:{getattr(node, 'lineno', 0)}: {call}; use cli/screen.py"
            assert not call.endswith((".stdout.write", ".stderr.write")), f"{file.name}: {call}"


def test_a_reason_in_a_dead_letter_queue_cannot_clear_the_screen(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    cloud.client("sqs").send_message(
        QueueUrl=cloud.outputs["DeadLetterQueueUrl"],
        MessageBody="{}",
        MessageAttributes={
            "Reason": {"DataType": "String", "StringValue": "bad \x1b[2J\u202ename".replace("\x1b", "\x9b")}
        },
    )

    shown = outreach("redrive", "--dry-run", stack=cloud)

    assert "bad \ufffd[2J\ufffdname" in shown.output


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''+1"]
)
def test_a_cell_that_a_spreadsheet_would_evaluate_is_text(cell: str) -> None:
    assert csv_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["support", "", "o'neill", "'quoted'", "3 - 1"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert csv_cell(cell) == cell


@given(st.text())
def test_a_cell_is_read_back_as_it_was(text: str) -> None:
    assert from_csv_cell(csv_cell(text)) == text


def test_an_export_holds_no_formula_and_an_import_takes_it_back() -> None:
    source = '=HYPERLINK("https://evil.example","ok")'
    exported = io.StringIO(newline="")
    write_file(
        exported, [KnownAddress("a" * 64, AddressStatus({SuppressionReason.MANUAL: Mark(NOW, source)}))]
    )

    [row] = list(csv.reader(io.StringIO(exported.getvalue())))[1:]
    assert row[3] == f"'{source}"
    exported.seek(0)
    [read] = read_file(exported, "list.csv", lambda given: given, now=NOW)
    assert read.source == source
