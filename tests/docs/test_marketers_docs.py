"""docs/marketers.md is true: a newcomer who follows it word by word sees what it says they will see."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.main import get_command

from docs.page import DOCS, Page
from outreach_tools.cli.app import app

PAGE = Page("marketers.md")
PROJECT = DOCS.parent
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NEXT = "rehearsal> "


@dataclass
class Newcomer:
    """A marketer with a terminal and an editor, in a copy of the project."""

    project: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)
    said: str = ""
    """The output of the last command."""

    @property
    def environment(self) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        # The browser is one that does nothing; the terminal is wide.
        return {**os.environ, "PATH": path, "BROWSER": "true", "COLUMNS": "120", "PYTHONUNBUFFERED": "1"}

    def types(self, command: str) -> None:
        """A command in the terminal; those that stay are left to run."""
        if command == "outreach preview":
            self._previews(command)
        elif command == "outreach rehearse":
            self.started.append(self._start(command))
        else:
            done = subprocess.run(
                command.split(),
                cwd=self.project,
                env=self.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            self.said = done.stdout

    def rehearses(self, line: str) -> str:
        """A line at the prompt of the rehearsal; returns the output."""
        rehearsal = self.started[-1]
        assert rehearsal.stdin is not None
        assert rehearsal.stdout is not None
        rehearsal.stdin.write(f"{line}\nhelp\n")
        rehearsal.stdin.flush()
        answer = []
        for output in rehearsal.stdout:
            if output.strip() == f"{_NEXT}help":
                break
            answer.append(output)
        for output in rehearsal.stdout:
            if output.startswith("quit "):
                break
        assert answer, f"{line}: the rehearsal ended"
        return "".join(answer)

    def quits(self) -> None:
        rehearsal = self.started.pop()
        rehearsal.communicate("quit\n")
        assert rehearsal.returncode == 0

    def edits(self, kind: str, file: str, text: str) -> None:
        path = self.project / file
        match kind:
            case "diff":
                old, new = (
                    "".join(f"{line[1:]}\n" for line in text.splitlines() if line.startswith(sign))
                    for sign in "-+"
                )
                before = path.read_text()
                assert before.count(old) == 1
                path.write_text(before.replace(old, new))
            case "append":
                path.write_text(path.read_text() + text)
            case _:
                assert not path.exists()
                path.write_text(text)

    def _start(self, command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command.split(),
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A run in the background ignores Ctrl-C, and would pass that on.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
        )

    def _previews(self, command: str) -> None:
        preview = self._start(command)
        self.started.append(preview)
        assert preview.stdout is not None
        address = re.search(r"http://\S+", preview.stdout.readline())
        assert address
        with urlopen(address[0]) as page:
            assert "Welcome a new customer" in page.read().decode()
        preview.send_signal(signal.SIGINT)
        assert "ended" in preview.communicate()[0]
        self.started.remove(preview)


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Newcomer]:
    project = tmp_path / "project"
    project.mkdir()
    shutil.copytree(PROJECT / "templates", project / "templates")
    for name in ("functions", "statemachines", "template.yaml"):
        (project / name).symlink_to(PROJECT / name)
    person = Newcomer(project)
    yield person
    for left in person.started:
        left.kill()
        left.wait()


def test_a_reader_who_follows_the_page_word_by_word_sees_what_it_says(newcomer: Newcomer) -> None:
    output = ""
    for kind, file, text in _BLOCK.findall(PAGE.text):
        match kind:
            case "console":
                for line in text.splitlines():
                    assert line.startswith("$ ")
                    newcomer.types(line.removeprefix("$ "))
                output = newcomer.said
            case "rehearsal":
                output = ""
                for line in text.splitlines():
                    if line == "quit":
                        newcomer.quits()
                    else:
                        output += newcomer.rehearses(line)
                assert "not understood" not in output
                assert "Error" not in output
            case "text":
                for line in text.strip().splitlines():
                    assert line in output
            case "diff" | "append" | "mjml":
                newcomer.edits(kind, file, text)
            case _:
                pytest.fail(f"nobody told the newcomer what to do with {kind}")
    assert newcomer.started == []


def test_every_command_that_is_named_exists_with_the_options_that_are_named() -> None:
    root = get_command(app)
    named = re.findall(r"outreach ([a-z-]+(?: [a-z-]+)?)([^`\n|]*)", PAGE.text)
    assert named
    for words, rest in named:
        command = root
        for word in words.split():
            inside = getattr(command, "commands", None)
            if inside is None:
                break
            assert word in inside, words
            command = inside[word]
        options = {option for each in command.params for option in each.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options, words
