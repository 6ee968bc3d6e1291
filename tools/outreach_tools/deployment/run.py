"""Determines what to deploy with: brand.yaml, samconfig.toml, questions, and SES's answers."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outreach_tools.deployment.answers import Ask, UnansweredError, complete
from outreach_tools.deployment.brand import brand_problems, read_brand
from outreach_tools.deployment.downgrade import downgrade_problem
from outreach_tools.deployment.identity import creates_identity
from outreach_tools.deployment.questions import QUESTIONS, REGION
from outreach_tools.deployment.settings_file import FILE, kept_answers, with_answers
from outreach_tools.places import templates_of

CANNOT_DEPLOY = 2
"""Exit code when something is missing or must not be deployed; nothing was deployed."""


@dataclass(frozen=True, slots=True)
class Options:
    """The parsed command line."""

    stack: str
    given: dict[str, str]
    """Answers by parameter, and other parameters of template.yaml."""


def read_options(arguments: Sequence[str], parameters: Sequence[str]) -> Options:
    """Read the command line. Exits 2, as argparse does, for what it does not know."""
    parser = argparse.ArgumentParser(prog="tools/deploy.py", description="Build and deploy a stack.")
    parser.add_argument("stack", nargs="?", default="outreach")
    for question in QUESTIONS:
        parser.add_argument(f"--{question.option}", dest=question.parameter, help=question.asks)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another parameter of template.yaml; docs/parameters.md has them all",
    )
    read = parser.parse_args(arguments)
    given = {each.parameter: value for each in QUESTIONS if (value := getattr(read, each.parameter))}
    for pair in read.set:
        name, equals, value = pair.partition("=")
        if not equals or name not in parameters:
            parser.error(f"--set {pair}: write NAME=VALUE with a parameter of docs/parameters.md")
        if '"' in value or "\\" in value:
            parser.error(f'--set {name}: a value may hold no " and no \\')
        given[name] = value
    return Options(read.stack, given)


def settle(
    project: Path,
    options: Options,
    *,
    ask: Ask | None,
    say: Callable[[str], None],
    client: Callable[[str, str], Any],
    region: str,
) -> dict[str, str]:
    """The answers to deploy with, kept in samconfig.toml.

    `client` makes a client of a service in a Region; `region` is the environment's, empty for none.
    Raises UnansweredError, and what botocore raises.
    """
    file = project / FILE
    text = file.read_text("utf-8") if file.is_file() else "version = 0.1\n"
    kept = kept_answers(text, options.stack)
    templates = templates_of(project)
    brand = read_brand(templates)
    shown = templates.relative_to(project) if templates.is_relative_to(project) else templates
    lines = list(brand_problems(brand, shown))
    if lines and ask is not None:
        raise UnansweredError(lines)
    defaults = {"ReplyTo": "", "FromName": brand.get("name", ""), REGION: region}
    try:
        answers = complete(
            kept, options.given, {n: v for n, v in defaults.items() if v or n == "ReplyTo"}, ask=ask, say=say
        )
    except UnansweredError as unanswered:
        raise UnansweredError([*lines, *unanswered.lines]) from None
    if lines:
        raise UnansweredError(lines)
    if problem := downgrade_problem(client("cloudformation", answers[REGION]), options.stack):
        raise UnansweredError([problem])
    if brand.get("name") not in {None, answers["FromName"]}:
        say(
            f"Messages come from {answers['FromName']}, and the brand is {brand['name']}; NAME=... changes it"
        )
    if "CreateIdentity" not in options.given:
        creates = creates_identity(
            lambda service: client(service, answers[REGION]), options.stack, answers["FromAddress"]
        )
        answers["CreateIdentity"] = "yes" if creates else "no"
    file.write_text(with_answers(text, options.stack, answers), "utf-8")
    return answers


def refuse(stack: str, lines: Sequence[str]) -> int:
    """Say on stderr what keeps the stack from being deployed, and how to give it; the exit code."""
    missing = [line.partition(" ")[0] for line in lines if " is missing: " in line]
    sys.stderr.write(f"Stack {stack} was not deployed:\n")
    sys.stderr.writelines(f"  {line}\n" for line in lines)
    if missing:
        values = " ".join(f"{name}=..." for name in missing)
        options = " ".join(f"--{name.lower().replace('_', '-')} ..." for name in missing)
        sys.stderr.write(
            f"Give it once; {FILE} keeps it. In a terminal `make deploy` asks. Without one:\n"
            f"  make deploy {values}\n"
            f"  .venv/bin/python tools/deploy.py {stack} {options}\n"
        )
    return CANNOT_DEPLOY


def region_in_environment(region: str) -> dict[str, str]:
    """The environment of commands that work on a stack in this Region."""
    return {**os.environ, "AWS_REGION": region, "AWS_DEFAULT_REGION": region}
