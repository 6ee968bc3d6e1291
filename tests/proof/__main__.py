"""The whole matrix: `make proof`. The last line is the result, as one JSON object."""

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from proof.forks import Case, Choice, Happening, StoryRun, cases
from proof.happenings import DEATHS, RIVALS
from proof.lossy import LOSSY_PARTS, Count, LossyPart, interval
from proof.lossy import tell as run_lossy
from proof.story import LEAVER
from sampling import WHOLE

_EVERY_FUNCTION = frozenset(
    {
        "AdvanceEnrollmentFunction",
        "ParkEnrollmentFunction",
        "PlanSweepFunction",
        "SweepPageFunction",
        "TakeInEventFunction",
        "TakeInFeedbackFunction",
        "ReconcilerFunction",
    }
)


class Part(NamedTuple):
    """One run of the story, with all that may happen in it."""

    title: str
    happenings: Sequence[Happening]
    functions: frozenset[str]
    calls: int
    """At least so many calls are made by these functions in this run; a sample is drawn from them."""
    feedback: bool
    cold: bool = False


_SWEEP = frozenset({"SweepPageFunction"})
PARTS = (
    Part("deaths while feedback flows", DEATHS, _EVERY_FUNCTION, 200, feedback=True),
    Part("deaths while feedback is silent", DEATHS, _EVERY_FUNCTION, 200, feedback=False),
    Part("deaths in first invocations", DEATHS, _EVERY_FUNCTION, 60, feedback=True, cold=True),
    Part("rivals of a sweep", RIVALS, _SWEEP, 30, feedback=True),
)
INCIDENTS = "incidents of an operator"
PAGES = "crashes and rivals at each call of a page"
VERBS = "each file that a new verb needs"
TESTS = Path(__file__).parents[1]


def main() -> int:
    """Exit code 0 when the promise was kept at every point."""
    asked = _asked()
    total: Counter[str] = Counter(points=0, duplicates=0, lost=0, unknown_with_feedback=0)
    broken = 0
    for part in (each for each in PARTS if asked.part in each.title):
        points: Counter[str] = Counter()
        _say(f"{part.title} ...")
        chosen = _choice(part, asked.sample, asked.seed)
        for case in cases(StoryRun(part.happenings, chosen, part.feedback, part.cold), jobs=asked.jobs):
            if case.point is None and case.verdict["unsent"]:
                raise AssertionError(f"the story itself does not work: {_words(case)}")
            if case.point is not None:
                points[case.point.function] += 1
            counted = _count(case, feedback=part.feedback)
            total.update(counted)
            if case.error or case.verdict["undone"] or counted.total():
                broken += 1
                _say(f"  {case.point or 'nothing happens'}: {_words(case)}")
        total["points"] += points.total()
        _say(f"{part.title}: {points.total()} points, {dict(sorted(points.items()))}")
    for lossy in (each for each in LOSSY_PARTS if asked.part in each.title):
        broken += not _run_lossy(lossy, asked, total)
    if asked.part in INCIDENTS:
        _say(f"{INCIDENTS} ...")
        broken += not _run_whole(asked.jobs, "rehearsals", "e2e/test_restore.py")
    if asked.part in PAGES:
        _say(f"{PAGES} ...")
        broken += not _run_whole(asked.jobs, "usecases/test_page_crashes.py", "usecases/test_crashes.py")
    if asked.part in VERBS:
        _say(f"{VERBS} ...")
        broken += not _run_whole(asked.jobs, "verbs/test_add_a_verb.py")
    _say(json.dumps(total))
    return 1 if broken else 0


def _run_lossy(part: LossyPart, asked: argparse.Namespace, total: Counter[str]) -> bool:
    """Whether the promise was kept. What may be sent twice while both ways lose reports is not counted."""
    _say(f"{part.title} ...")
    losses, counted = part.losses(asked.sample), Count()
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for count_of_one in pool.map(run_lossy, losses):
            counted.add(count_of_one)
    total["points"] += counted.killed
    total["lost"] += counted.lost
    if not part.loses_on_both_ways:
        total["duplicates"] += counted.twice
        total["unknown_with_feedback"] += counted.unknown
    _say(f"{part.title}: {json.dumps(asdict(counted))}")
    if part.loses_on_both_ways:
        low, high = interval(counted.unresolved, part.share)
        _say(f"  twice must be in doubt x {part.share:.0%}: {low} to {high}, at 99.9 %")
    return part.is_kept(counted)


def _run_whole(jobs: int, *tests: str) -> bool:
    """Whether these tests pass with nothing left out: all incidents, all points."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", str(jobs), *tests],
        cwd=TESTS,
        env={**os.environ, WHOLE: "1"},
        check=False,
    )
    return ended.returncode == 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m proof", description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--part", default="", help="only those with these words in their title")
    parser.add_argument(
        "--sample",
        type=int,
        help="only so many calls of each part, drawn at random, or so many of its stories",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    return parser.parse_args()


def _choice(part: Part, sample: int | None, seed: int) -> Choice:
    """Every call of the part's functions, or one in so many that about `sample` are drawn."""
    if sample is None:
        return lambda _, function: function in part.functions
    draw = random.Random(f"{seed} {part.title}")
    numbers = frozenset(draw.sample(range(part.calls), k=sample))
    met = count()
    return lambda _, function: function in part.functions and next(met) in numbers


def _count(case: Case, *, feedback: bool) -> Counter[str]:
    """What counts against the promise; while feedback is silent, a second transactional message does not."""
    if case.error:
        return Counter()
    said = case.verdict
    twice = said["marketing_twice"] + (said["transactional_twice"] if feedback else [])
    # While feedback flows nothing may end unsent that SES can take, whatever the reason.
    lost = said["unsent" if feedback else "lost"]
    if case.point is not None and case.point.happening in {each.name for each in RIVALS}:
        lost = [message for message in lost if not message.endswith(LEAVER)]
    return Counter(
        duplicates=len(twice),
        lost=len(lost),
        unknown_with_feedback=len(said["unknown"]) if feedback else 0,
    )


def _words(case: Case) -> str:
    return case.error or json.dumps({name: found for name, found in case.verdict.items() if found})


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
