"""Tell a story once, and at each AWS call once more for each way to die there.

At every call that is meant the whole process forks: the child's function dies at this call, and the child
tells the rest of the story; the parent goes on as if nothing had happened. So every case costs only what
comes after its death.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from outreach_tools.local import LocalCloud, SesAccount
from outreach_tools.local.faults import When
from proof.project import project
from proof.story import PARAMETERS, START, tell
from proof.verdict import judge


@dataclass(frozen=True, slots=True)
class Point:
    """Where a process died."""

    number: int
    """Of the call, in the whole story."""
    function: str
    operation: str
    when: str

    def __str__(self) -> str:
        return f"{self.function} dies {self.when} call {self.number}, {self.operation}"


@dataclass(frozen=True, slots=True)
class Case:
    """A death and what the story came to; without a point, what it comes to when nobody dies."""

    point: Point | None
    verdict: Mapping[str, list[str]]
    error: str = ""
    """Set when the story could not even be told to its end."""


class Deaths:
    """Stands among a cloud's faults: strikes never in the parent, and once in each child."""

    def __init__(self, chosen: Callable[[int, str], bool], *, jobs: int) -> None:
        self._chosen = chosen
        self._jobs = jobs
        self._children = 0
        self._number = 0
        self.when = When.BEFORE
        self.point: Point | None = None

    def strikes(self, function: str, operation: str) -> bool:
        """The door that the cloud asks at every call of a function."""
        if self.point is not None:
            return False
        self._number += 1
        if not self._chosen(self._number, function):
            return False
        for when in When:
            self._wait(self._jobs - 1)
            sys.stdout.flush()
            if os.fork() == 0:
                self.when = when
                self.point = Point(self._number, function, operation, when)
                return True
            self._children += 1
        return False

    def wait_for_all(self) -> None:
        self._wait(0)

    def _wait(self, most: int) -> None:
        while self._children > most:
            os.wait()
            self._children -= 1


def cases(chosen: Callable[[int, str], bool], *, feedback: bool, jobs: int = 2) -> Iterator[Case]:
    """The story without a death first, then every case, in no order.

    `chosen` says of a call's number and function whether to die there.
    """
    with TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        _tell_all(chosen, results, feedback=feedback, jobs=jobs)
        for line in results.read_text().splitlines():
            said = json.loads(line)
            point = Point(**said["point"]) if said["point"] else None
            yield Case(point, said["verdict"], said["error"])


def _tell_all(chosen: Callable[[int, str], bool], results: Path, *, feedback: bool, jobs: int) -> None:
    deaths = Deaths(chosen, jobs=jobs)
    parent = os.getpid()
    try:
        with (
            project() as folder,
            LocalCloud(
                START, project=folder, parameters=PARAMETERS, ses=SesAccount(feedback=feedback)
            ) as cloud,
        ):
            cloud.faults.append(deaths)  # type: ignore[arg-type]  # it answers what a fault answers
            tell(cloud)
            _write(results, {"point": _fields(deaths.point), "verdict": asdict(judge(cloud)), "error": ""})
            if os.getpid() != parent:
                os._exit(0)
            deaths.wait_for_all()
    except BaseException as error:
        if os.getpid() == parent:
            raise
        _write(results, {"point": _fields(deaths.point), "verdict": {}, "error": repr(error)[:500]})
        os._exit(1)


def _fields(point: Point | None) -> dict[str, Any] | None:
    return None if point is None else asdict(point)


def _write(results: Path, line: dict[str, Any]) -> None:
    """In one piece: several processes write here."""
    with results.open("a", buffering=1) as file:
        file.write(json.dumps(line) + "\n")
