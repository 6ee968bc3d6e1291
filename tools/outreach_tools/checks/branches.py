"""Conditions of a message that hold for no person in `sample.yaml`: no author sees what they choose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from outreach.adapters.templates.markup.tree import Element, Node, Place, Statement
from outreach.adapters.templates.message import CompiledMessage, Message
from outreach.adapters.templates.output.template_source import gathered
from outreach.adapters.templates.sandbox.compiled import CompiledTemplate
from outreach.adapters.templates.sandbox.environment import sandbox
from outreach.adapters.templates.sandbox.limits import start_meter
from outreach.domain.sending.rendering import TemplateError
from outreach_tools.checks.finding import Finding, warning_at
from outreach_tools.checks.rendered import Samples


def branch_findings(message: Message, compiled: CompiledMessage, samples: Samples) -> Iterator[Finding]:
    """For a message that compiles. Conditions inside loops and of shared parts are not looked at."""
    reading = _Reading()
    reading.read(message.tree)
    for chain in reading.chains:
        if chain.branches[0].place.file == message.file.path:
            taken = _taken(chain, message, compiled, samples)
            for index, branch in enumerate(chain.branches):
                if taken and index not in taken:
                    right = "add a person who does to sample.yaml, or take it out"
                    what = f"no person in sample.yaml gets what {branch.source} chooses; {right}"
                    yield warning_at(branch.place, "never-taken", what)


@dataclass(frozen=True, slots=True)
class _Chain:
    """An `if` with its `elif` and `else`, and what was assigned before it."""

    branches: list[Statement]
    assigned: tuple[Statement, ...]


@dataclass(slots=True)
class _Reading:
    chains: list[_Chain] = field(default_factory=list)
    _assigned: list[Statement] = field(default_factory=list)
    _loops: int = 0
    _chosen: int = 0

    def read(self, nodes: Sequence[Node]) -> None:
        opened: list[_Chain] = []
        for node in nodes:
            if isinstance(node, Element) and node.name not in {"o-text", "mj-head"}:
                self.read(node.children)
            elif isinstance(node, Statement):
                self._statement(node, opened)

    def _statement(self, statement: Statement, opened: list[_Chain]) -> None:
        match statement.keyword:
            case "set" if not self._loops and not self._chosen:
                self._assigned.append(statement)
            case "for":
                self._loops += 1
            case "endfor":
                self._loops -= 1
            case "if":
                chain = _Chain([statement], tuple(self._assigned))
                opened.append(chain)
                if not self._loops:
                    self.chains.append(chain)
                self._chosen += 1
            case "elif" | "else" if opened:
                opened[-1].branches.append(statement)
            case "endif" if opened:
                opened.pop()
                self._chosen -= 1
            case _:
                pass


def _taken(chain: _Chain, message: Message, compiled: CompiledMessage, samples: Samples) -> set[int]:
    """Which branches the people get; empty where that cannot be known."""
    pieces: list[Statement | str] = list(chain.assigned)
    for index, branch in enumerate(chain.branches):
        pieces += [branch, str(index)]
    pieces.append(Statement("endif", Place(message.file.path, 1, 1)))
    taken: set[int] = set()
    try:
        template = CompiledTemplate(
            gathered(pieces, message.file.path),
            sandbox(message.file.language, html=False),
            message.file.constants.vocabulary,
        )
        for facts in samples.values():
            start_meter()
            shown = template.render({**compiled.same, **facts}).strip()
            taken |= {int(shown)} if shown else {-1}
    except TemplateError:
        return set()  # reported where the whole message is rendered, or named in a block around it
    return taken
