"""Runs the demo: plans the replay, walks the virtual clock through it, and writes the results."""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from local_cloud import LocalCloud
from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns
from outreach_tools.demo.emails import NumberedEmail, numbered
from outreach_tools.demo.mishaps import mishaps
from outreach_tools.demo.orders_file import purchases_by_customer
from outreach_tools.demo.out_folder import write_out
from outreach_tools.demo.plan import BEGINS, ENDS, PlannedEvent, plan
from outreach_tools.demo.stored_runs import stored_runs
from outreach_tools.demo.summary import Summary
from outreach_tools.demo.tally import tally
from outreach_tools.places import search_path

type Tell = Callable[[str, float], None]
"""Called now and then with the present work, and the share that is done."""

TEMPLATE = "template.yaml"
_PARAMETERS = {"ReconcilerSchedule": "rate(7 days)"}
"""The reconciler looks for stuck enrollments; in two years of a demo once a week is often enough."""


class NoProjectError(Exception):
    """There is no project with a template.yaml here or above."""


class DemoFailedError(Exception):
    """Something in the stack went wrong during the run: its figures would be worthless."""

    def __init__(self, mishaps: Sequence[str]) -> None:
        super().__init__("; ".join(mishaps))
        self.mishaps = tuple(mishaps)


def run_demo(*, customers: int, seed: int, out: Path, tell: Tell, project: Path | None = None) -> Summary:
    """Replay `customers` of the orders file and fill the folder `out`.

    Raises NoProjectError and DemoFailedError.
    """
    project = project or find_project()
    began = perf_counter()
    events = plan(purchases_by_customer(), customers, seed)
    sent, summary = replay(events, customers=customers, seed=seed, project=project, tell=tell, began=began)
    tell("Writing the pages", 1.0)
    write_out(out, sent, events, summary)
    return summary


def replay(
    events: Sequence[PlannedEvent], *, customers: int, seed: int, project: Path, tell: Tell, began: float
) -> "tuple[list[NumberedEmail], Summary]":
    """Put every event on the bus at its time, then let the clock run on until all mail is sent."""
    with LocalCloud(BEGINS, seed, project=project, parameters=_PARAMETERS) as cloud:
        for event in events:
            cloud.advance(until=event.at)
            cloud.emit(event.name, dict(event.detail), source="shop")
            tell(f"{event.at:%B %Y}", (event.at - BEGINS) / (ENDS - BEGINS))
        cloud.advance(until=ENDS)
        wrong = mishaps(cloud)
        if wrong:
            raise DemoFailedError(wrong)
        runs = list(stored_runs(cloud.client("dynamodb"), cloud.outputs["TableName"]))
        summary = Summary(
            customers=customers,
            virtual_days=(ENDS - BEGINS).days,
            real_seconds=perf_counter() - began,
            campaigns=tally(runs, BundledCampaigns(project / "templates").current()),
            trace=cloud.trace,
        )
        return numbered(cloud.outbox), summary


def find_project() -> Path:
    """The folder of template.yaml: this one or the nearest above. Raises NoProjectError."""
    for folder in search_path():
        if (folder / TEMPLATE).is_file():
            return folder
    raise NoProjectError(f"no {TEMPLATE} here or above: run this in a copy of the project")
