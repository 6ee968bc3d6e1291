"""Collects the answers: options, those kept from the last time, and questions on a terminal."""

from collections.abc import Callable, Mapping

from outreach_tools.deployment.questions import NONE, QUESTIONS, Question, problem_of

type Ask = Callable[[str], str]
"""Shows a prompt and returns the typed line. Raises EOFError when there is none."""


class UnansweredError(Exception):
    """Something is missing or cannot be deployed with; `lines` says each, and how to give it."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def complete(
    kept: Mapping[str, str],
    given: Mapping[str, str],
    defaults: Mapping[str, str],
    *,
    ask: Ask | None,
    say: Callable[[str], None],
) -> dict[str, str]:
    """All answers. Only a first deployment, of which no sender is kept, asks.

    `given` wins over `kept`; `ask` is None without a terminal. Raises UnansweredError.
    """
    answers = {**kept, **{name: "" if value == NONE else value for name, value in given.items()}}
    is_first = "FromAddress" not in kept
    lines: list[str] = []
    for question in QUESTIONS:
        name = question.parameter
        if name not in answers and is_first and ask is not None:
            answers[name] = _answer(question, answers, defaults.get(name, ""), ask, say)
        elif name not in answers and (defaults.get(name) or (is_first and name in defaults)):
            answers[name] = defaults[name]
        if name not in answers:
            # A stack of an older release keeps its settings, such as its alarm address.
            if question.is_required and (is_first or not question.may_be_none):
                lines.append(f"{question.variable} is missing: {_lower(question.asks)}")
        elif problem := problem_of(answers, name):
            lines.append(f"{question.variable} is {answers[name]!r}: {problem}")
    if lines:
        raise UnansweredError(lines)
    return answers


def _answer(
    question: Question, answers: dict[str, str], default: str, ask: Ask, say: Callable[[str], None]
) -> str:
    """Asks until the answer can be deployed with."""
    offered = default or ("" if question.is_required else NONE)
    while True:
        typed = ask(f"{question.asks}{f' [{offered}]' if offered else ''}: ").strip() or offered
        if not typed:
            continue
        value = "" if question.may_be_none and typed == NONE else typed
        problem = problem_of({**answers, question.parameter: value}, question.parameter)
        if problem is None:
            return value
        say(f"  {problem}")


def _lower(text: str) -> str:
    return text if text.startswith("AWS") else text[0].lower() + text[1:]
