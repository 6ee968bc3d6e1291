"""The figures of a run as a table for a terminal."""

from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

from outreach_tools.demo.out_folder import INDEX, OUTBOX, SUMMARY
from outreach_tools.demo.plan import HOW_LONG
from outreach_tools.demo.summary import Summary
from outreach_tools.demo.tally import Tally


def report(summary: Summary, out: Path) -> Group:
    """One row per campaign and message, then what it took and where to look."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("campaign", "enrolled", "runs", "message", "sent", "held", "skipped", "goals"):
        number = name in {"enrolled", "runs", "sent", "held", "goals"}
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for name, tally in summary.campaigns.items():
        _add_rows(table, name, tally)
    per_second = summary.emails / summary.real_seconds if summary.real_seconds else 0
    return Group(
        table,
        Text(),
        Text(
            f"{summary.emails:,} e-mails to {summary.customers:,} customers: "
            f"{summary.virtual_days} virtual days "
            f"in {summary.real_seconds:.1f} real seconds ({per_second:.0f} e-mails a second)"
        ),
        Text(f"The story: {HOW_LONG}"),
        Text(f"trace {summary.trace}"),
        Text(),
        Text(f"Look at   {out / INDEX}"),
        Text(f"          {out / OUTBOX}/*.eml"),
        Text(f"          {out / SUMMARY}"),
    )


def _add_rows(table: Table, name: str, tally: Tally) -> None:
    skipped = "\n".join(f"{count} {reason}" for reason, count in sorted(tally.skipped.items()))
    sent = sorted(tally.sent.items())
    messages = "\n".join(message for message, _ in sent) or "-"
    counts = "\n".join(str(count) for _, count in sent) or "0"
    table.add_row(
        Text(name, style="cyan"),
        str(tally.enrolled),
        str(tally.runs),
        messages,
        counts,
        str(tally.held),
        skipped,
        str(tally.goals),
    )
    table.add_section()
