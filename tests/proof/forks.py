"""Run a story once, and at each AWS call of a function once more for everything that may happen there.

At every chosen call the whole process forks. The child lets something happen at this call and runs the rest
of the story; the parent goes on as if nothing had happened. So every case costs only what follows its event.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local_cloud import LocalCloud, SesAccount
from local_cloud.faults import When
from proof.project import project
from proof.story import DAY_BEFORE, PARAMETERS, START, tell, tell_day_before
from proof.verdict import judge

type Choice = Callable[[int, str], bool]
"""Of a call's number in the story and its function: whether anything happens there."""


@dataclass(frozen=True, slots=True)
class StoryRun:
    """How a story is run."""

    happenings: "Sequence[Happening]"
    chosen: Choice
    feedback: bool
    cold: bool = False
    """No function was ever called before; and things happen in its first invocation only."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What may happen at a call: the process crashes around it, or a rival does something before it."""

    name: str
    dies: When | None = None
    does: Callable[[LocalCloud], None] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """Where what happened."""

    number: int
    """Of the call, in the whole story."""
    function: str
    operation: str
    happening: str

    def __str__(self) -> str:
        return f"call {self.number} of the story, {self.operation} by {self.function}: {self.happening}"


@dataclass(frozen=True, slots=True)
class Case:
    """What happened and the story's result; without a point, the result when nothing happens."""

    point: Point | None
    verdict: Mapping[str, list[str]]
    error: str = ""
    """Set when the story could not even be run to its end."""


class Forks:
    """Is among a cloud's faults and is called at every call of a function."""

    def __init__(self, cloud: LocalCloud, telling: StoryRun, *, jobs: int) -> None:
        self._cloud = cloud
        self._telling = telling
        self._jobs = jobs
        self._children = 0
        self._number = 0
        self.when = When.BEFORE
        self.point: Point | None = None

    def strikes(self, function: str, operation: str) -> bool:
        """Never in the parent; in a child at one call, if a crash is what happens there."""
        if self.point is not None:
            return False
        self._number += 1
        if not self._is_meant(function):
            return False
        for happening in self._telling.happenings:
            self._wait(self._jobs - 1)
            sys.stdout.flush()
            if os.fork() == 0:
                self.point = Point(self._number, function, operation, happening.name)
                if happening.does is not None:
                    happening.does(self._cloud)
                if happening.dies is not None:
                    self.when = happening.dies
                return happening.dies is not None
            self._children += 1
        return False

    def _is_meant(self, function: str) -> bool:
        if self._telling.cold and any(done.function == function for done in self._cloud.invocations):
            return False
        return self._telling.chosen(self._number, function)

    def wait_for_all(self) -> None:
        self._wait(0)

    def _wait(self, most: int) -> None:
        while self._children > most:
            os.wait()
            self._children -= 1


def cases(telling: StoryRun, *, jobs: int = 2) -> Iterator[Case]:
    """The story without a happening, and every case, in no order."""
    with TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        _run_all(telling, results, jobs=jobs)
        for line in results.read_text().splitlines():
            said = json.loads(line)
            point = Point(**said["point"]) if said["point"] else None
            yield Case(point, said["verdict"], said["error"])


def _run_all(telling: StoryRun, results: Path, *, jobs: int) -> None:
    parent = os.getpid()
    start = START if telling.cold else DAY_BEFORE
    account = SesAccount(feedback=telling.feedback)
    point: dict[str, Any] | None = None
    try:
        with (
            project() as folder,
            LocalCloud(start, project=folder, parameters=PARAMETERS, ses=account) as cloud,
        ):
            if not telling.cold:
                tell_day_before(cloud)
            forks = Forks(cloud, telling, jobs=jobs)
            cloud.faults.append(forks)  # type: ignore[arg-type]  # it answers what a fault answers
            tell(cloud)
            point = None if forks.point is None else asdict(forks.point)
            _write(results, {"point": point, "verdict": asdict(judge(cloud)), "error": ""})
            if os.getpid() != parent:
                os._exit(0)
            forks.wait_for_all()
    except BaseException as error:
        if os.getpid() == parent:
            raise
        point = None if forks.point is None else asdict(forks.point)
        _write(results, {"point": point, "verdict": {}, "error": repr(error)[:500]})
        os._exit(1)


def _write(results: Path, line: Mapping[str, Any]) -> None:
    """In one piece: several processes write here."""
    with results.open("ab", buffering=0) as file:
        file.write(json.dumps(line).encode() + b"\n")
