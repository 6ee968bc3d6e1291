"""`outreach demo`: eighteen months of real orders through the whole stack, on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, progress, results


def demo(
    customers: Annotated[int, typer.Option(min=1, max=2357, help="How many customers to follow.")] = 100,
    seed: Annotated[
        int, typer.Option(help="Chooses customers and chance; the same seed is the same run.")
    ] = 1,
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder for what comes out.")] = Path("out/demo"),
    as_json: AsJson = False,
) -> None:
    """Replay 18 months of a shop's orders through the stack on a virtual clock, and show the e-mails.

    The clock goes on for 150 days after the last order, until win-back has written its last message.
    """
    from outreach_tools.demo.run import DemoFailedError, NoProjectError, run_demo

    try:
        with progress() as bar:
            task = bar.add_task("Building the stack", total=1.0)

            def tell(words: str, done: float) -> None:
                bar.update(task, description=words, completed=done)

            summary = run_demo(customers=customers, seed=seed, out=out, tell=tell)
    except NoProjectError as missing:
        fail(str(missing))
    except DemoFailedError as failure:
        fail(["The stack failed on the way:", *failure.mishaps])
    if as_json:
        print_json(summary.document())
        return
    from outreach_tools.demo.report import report

    results().print(report(summary, out))
