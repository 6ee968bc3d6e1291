"""Whether `facts.yaml` is sound, and whether a campaign and its messages use what it declares."""

from collections.abc import Iterator, Mapping

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from outreach.adapters.campaign_files.check import expressions_in
from outreach.adapters.campaign_files.facts.facts_file import FACTS_FILE, load_facts
from outreach.adapters.campaign_files.yaml_lines import read_yaml
from outreach.adapters.templates.message import Message
from outreach.adapters.templates.sandbox.environment import expression_sandbox
from outreach.adapters.templates.sandbox.program import parsed_to_read
from outreach.domain.errors import InvalidCampaignError
from outreach_tools.checks.declared_uses import DeclaredUses
from outreach_tools.checks.fact_types import FactTypes
from outreach_tools.checks.finding import Finding, error_at

RULE = "declared-fact"


def facts_file_findings(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Everything that is wrong with the file itself; nothing without one."""
    if FACTS_FILE not in files:
        return
    try:
        load_facts(files[FACTS_FILE].decode("utf-8-sig"))
    except UnicodeDecodeError:
        yield Finding(FACTS_FILE, 1, 0, "facts-file", "not UTF-8; save it as UTF-8")
    except InvalidCampaignError as invalid:
        for problem in invalid.problems:
            _, line, column = problem.where.rsplit(":", 2)
            yield Finding(FACTS_FILE, int(line), int(column), "facts-file", problem.what)


def declared_message_findings(message: Message, types: FactTypes) -> Iterator[Finding]:
    """For subject, preheader, HTML and text of a message that has no other problems."""
    if not _says_anything(types):
        return
    found = {}
    for source, environment in message.word_sources:
        reader = DeclaredUses(types)
        for stretch in source.stretches:
            for slip in reader.of(parsed_to_read(stretch.source, environment)):
                place = stretch.place(slip.line)
                found[place, slip.what] = error_at(place, RULE, slip.what)
    yield from found.values()


def declared_campaign_findings(file: str, text: str, types: FactTypes) -> Iterator[Finding]:
    """For the expressions of a campaign file that loads."""
    if not _says_anything(types):
        return
    document = read_yaml(text)
    data = document.data
    whole = {name: each for name, each in data.items() if name != "values"} if isinstance(data, dict) else {}
    for path, expression in expressions_in(whole, ()):
        try:
            tree = Parser(expression_sandbox(), expression, state="variable").parse_expression()
        except TemplateSyntaxError:
            continue  # reported where the file is loaded
        line, column = document.place_of(path)
        for slip in DeclaredUses(types).of(_within(tree)):
            yield Finding(file, line, column, RULE, slip.what)


def _within(tree: nodes.Expr) -> nodes.Node:
    return nodes.Output([tree], lineno=1)


def _says_anything(types: FactTypes) -> bool:
    """Without the file, everything is as it was before there was one."""
    return bool(types.declared.customer or types.declared.events)
