"""The whole crash matrix: `make proof`. The last line says what it came to, as one JSON object."""

import json
import os
import sys
from collections import Counter

from proof.deaths import Case, cases

FUNCTIONS = frozenset(
    {
        "AdvanceEnrollmentFunction",
        "ParkEnrollmentFunction",
        "PlanSweepFunction",
        "SweepPageFunction",
        "TakeInEventFunction",
        "TakeInFeedbackFunction",
        "WatchFunction",
    }
)


def main() -> int:
    """Exit code 0 when what is promised was kept at every point."""
    jobs = int(os.environ.get("JOBS", os.cpu_count() or 1))
    total: Counter[str] = Counter(points=0, duplicates=0, lost=0, unknown_with_feedback=0)
    broken = 0
    for feedback in (True, False):
        flow = "flowing" if feedback else "silent"
        points: Counter[str] = Counter()
        for case in cases(lambda _, function: function in FUNCTIONS, feedback=feedback, jobs=jobs):
            if case.point is not None:
                points[case.point.function] += 1
            faults = _count(case, feedback=feedback)
            total.update(faults)
            if case.point is None and case.verdict["unsent"]:
                raise AssertionError(f"the story itself does not work: {_words(case)}")
            if case.error or case.verdict["undone"] or faults.total():
                broken += 1
                sys.stdout.write(f"feedback {flow}: {case.point or 'nobody dies'}: {_words(case)}\n")
        total["points"] += points.total()
        sys.stdout.write(f"feedback {flow}: {points.total()} deaths: {dict(points)}\n")
        sys.stdout.flush()
    sys.stdout.write(json.dumps(total) + "\n")
    return 1 if broken else 0


def _count(case: Case, *, feedback: bool) -> Counter[str]:
    """What counts against the promise; while feedback is silent, a second transactional message does not."""
    if case.error:
        return Counter()
    said = case.verdict
    twice = said["marketing_twice"] + (said["transactional_twice"] if feedback else [])
    return Counter(
        duplicates=len(twice),
        lost=len(said["unsent" if feedback else "lost"]),  # nothing may end unsent that SES can take
        unknown_with_feedback=len(said["unknown"]) if feedback else 0,
    )


def _words(case: Case) -> str:
    return case.error or json.dumps({name: found for name, found in case.verdict.items() if found})


if __name__ == "__main__":
    sys.exit(main())
