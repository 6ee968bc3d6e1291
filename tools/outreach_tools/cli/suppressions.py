"""`outreach suppressions`: which addresses are never mailed, and why."""

import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach.domain.intake.customer import SuppressionReason
from outreach_tools.cli.screen import AsJson, fail, print_json, progress, results
from outreach_tools.cli.stack import StackName, aws_failures, stack_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.domain.feedback.suppression import KnownAddress
    from outreach_tools.operations.suppression_list import SuppressionList

app = typer.Typer(help="Addresses that are never mailed: list, check, add, remove.", no_args_is_help=True)

Address = Annotated[str, typer.Argument(help="The address, or its hash as the list shows it.")]


@app.command("list")
def list_suppressions(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """List every suppressed address: its hash, the reason, since when and by whom.

    Addresses are not stored in the clear. This reads the whole table.
    """
    with _failures(stack):
        found = [_document(each) for each in _list(context, stack).all()]
    found.sort(key=lambda each: each["at"])
    if as_json:
        print_json(found)
        return
    if not found:
        results().print("none")
        return
    results().print(f"{'address (hash)':64}  reason  since  source", soft_wrap=True)
    for each in found:
        line = f"{each['address_id']}  {each['reason']}  {each['at']}  {each['source']}"
        results().print(line, markup=False, soft_wrap=True)


@app.command()
def check(
    context: typer.Context, address: Address, stack: StackName = "outreach", as_json: AsJson = False
) -> None:
    """Say whether an address is suppressed, and why."""
    with _failures(stack):
        chosen = _list(context, stack)
        known = chosen.known(_id_of(chosen, address))
    _answer(known, as_json=as_json)


@app.command()
def add(
    context: typer.Context,
    address: Address,
    reason: Annotated[SuppressionReason, typer.Option("--reason")] = SuppressionReason.MANUAL,
    source: Annotated[str, typer.Option("--source", help="The source, such as support.")] = "operator",
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Never mail an address again; what waits for its customers ends."""
    with _failures(stack):
        chosen = _list(context, stack)
        known = chosen.add(_id_of(chosen, address), reason, source)
    _answer(known, as_json=as_json)


@app.command()
def remove(
    context: typer.Context, address: Address, stack: StackName = "outreach", as_json: AsJson = False
) -> None:
    """Let an address be mailed again. Consent that a complaint withdrew stays withdrawn."""
    with _failures(stack):
        chosen = _list(context, stack)
        known = chosen.remove(_id_of(chosen, address))
    _answer(known, as_json=as_json)


@app.command("import")
def import_suppressions(
    context: typer.Context,
    file: Annotated[typer.FileText, typer.Argument(help="CSV with a column address; - reads stdin.")],
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Suppress every address of a CSV file: address,reason,at,source. Of an invalid file, none is."""
    from outreach_tools.operations.suppression_file import InvalidFileError, read_file

    name = "stdin" if file is sys.stdin else file.name
    with _failures(stack):
        chosen = _list(context, stack)
        try:
            rows = read_file(file, name, chosen.id_of, now=datetime.now(UTC))
        except InvalidFileError as invalid:
            fail(invalid.problems)
        with progress() as bar:
            for row in bar.track(rows, description="Suppressions"):
                chosen.add(row.address_id, row.reason, row.source, row.at)
    if as_json:
        print_json({"imported": len(rows)})
    else:
        results().print(f"{len(rows)} suppressions imported")


@app.command("export")
def export_suppressions(
    context: typer.Context,
    file: Annotated[typer.FileTextWrite, typer.Argument(help="CSV file to write; - writes stdout.")],
    stack: StackName = "outreach",
) -> None:
    """Write every suppression to a CSV file that `import` takes back: address_id,reason,at,source."""
    from outreach_tools.operations.suppression_file import write_file

    with _failures(stack):
        write_file(file, _list(context, stack).all())


@contextmanager
def _failures(stack: str) -> "Iterator[None]":
    from outreach_tools.operations.suppression_list import NotToldError

    with aws_failures(stack):
        try:
            yield
        except NotToldError as error:
            fail(f"the bus of stack {stack} refused the event ({error}); run the same command again")


def _list(context: typer.Context, stack_name: str) -> "SuppressionList":
    from outreach_tools.operations.suppression_list import SuppressionList

    return SuppressionList(stack_of(context, stack_name))


def _id_of(chosen: "SuppressionList", address: str) -> str:
    try:
        return chosen.id_of(address)
    except ValueError as error:
        fail(f"ADDRESS: {error}")


def _document(known: "KnownAddress") -> dict[str, Any]:
    suppression = known.status.suppression
    if suppression is None:
        return {"address_id": known.id, "suppressed": False}
    return {
        "address_id": known.id,
        "suppressed": True,
        "reason": suppression.reason,
        "at": suppression.at.isoformat(),
        "source": suppression.source,
    }


def _answer(known: "KnownAddress", *, as_json: bool) -> None:
    said = _document(known)
    if as_json:
        print_json(said)
    elif said["suppressed"]:
        results().print(f"suppressed since {said['at']}: {said['reason']} ({said['source']})", markup=False)
    else:
        results().print("not suppressed")
