"""Checks a campaign file as a whole and reports everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.facts.facts_file import load_facts, without_facts
from outreach.adapters.campaign_files.header_rules import broken_header_rules
from outreach.adapters.campaign_files.labels import labels_of, meant_label
from outreach.adapters.campaign_files.model import CampaignFile, Header
from outreach.adapters.campaign_files.read_forms import header_form, step_forms, without_value
from outreach.adapters.campaign_files.report import Report
from outreach.adapters.campaign_files.step_rules import Placed, broken_roads, broken_step_rules
from outreach.adapters.campaign_files.translate import campaign_from
from outreach.adapters.campaign_files.until_hints import until_hint
from outreach.adapters.campaign_files.values import WEEK
from outreach.adapters.campaign_files.yaml_lines import Path, read_yaml
from outreach.adapters.validation.json_schema import schema_of
from outreach.domain.errors import OutreachError
from outreach.domain.journeys.declared_facts import DeclaredFacts
from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from outreach.domain.journeys.campaign import Campaign

type CheckExpression = Callable[[str], None]

_CAMPAIGN_FILE = "campaign.yaml"
_SPLIT_DAYS = "is not part of `days`: inside {} a comma ends a value; write days as a list, [fri, sat]"
_EXPRESSIONS = frozenset({"if", "unless", "until", "only_if"})


def checked_campaign(
    text: str, file: str, version: str, check_expression: CheckExpression | None
) -> Campaign:
    """The campaign in a file's text, which `facts.yaml` may stand below (see `with_facts`).

    Raises InvalidCampaignError with every problem, in the order of lines.
    """
    steps_text, facts_text = without_facts(text)
    facts = DeclaredFacts() if facts_text is None else load_facts(facts_text)
    document = read_yaml(steps_text)
    report, data = Report(file, document), document.data
    if not report and not isinstance(data, dict):
        report.add((), "holds no campaign; begin with `name:`, as the campaigns that are shipped do")
    if report or not isinstance(data, dict):
        raise report.error()
    for path in without_value(data, ()):
        report.add(
            path, _SPLIT_DAYS if path[-1] in WEEK else "has no value; give it one or leave the line out"
        )
    header, steps = header_form(data, report), step_forms(data, report)
    labels = labels_of([form for _, form in steps])
    placed = [(place, label, form) for (place, form), label in zip(steps, labels, strict=True)]
    _check_expressions(data, check_expression, report)
    _check_rules(data, header, placed, report)
    if report or header is None:
        raise report.error()
    return campaign_from(header, [(label, form) for _, label, form in placed], version, facts)


def campaign_json_schema() -> dict[str, object]:
    """The JSON Schema of a campaign file (draft 2020-12)."""
    return schema_of(CampaignFile, "Outreach campaign", without_null=True)


def _check_rules(
    data: Mapping[str, object], header: Header | None, steps: list[Placed], report: Report
) -> None:
    file = PurePosixPath(report.file)
    folder = file.parent.name if file.name == _CAMPAIGN_FILE else ""
    for path, what in () if header is None else broken_header_rules(header, folder):
        report.add(path, what)
    raw = data.get("steps")
    meant = frozenset(filter(None, map(meant_label, raw if isinstance(raw, list) else ())))
    for path, what in broken_step_rules(steps, meant, header):
        report.add(path, what)
    if not report:
        for path, what in broken_roads(steps):
            report.add(path, what)


def _check_expressions(
    data: Mapping[str, object], check_expression: CheckExpression | None, report: Report
) -> None:
    if check_expression is None:
        return
    for path, expression in expressions_in(
        {name: each for name, each in data.items() if name != "values"}, ()
    ):
        if path[-1] == "until" and (hint := until_hint(expression)) is not None:
            report.add(path, hint)
            continue
        try:
            check_expression(expression)
        except TemplateError as error:
            report.add(path, error.problem)
        except (OutreachError, ValueError) as error:
            report.add(path, str(error))


def expressions_in(data: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Every expression of a campaign file, with its place."""
    if isinstance(data, dict):
        for name, each in data.items():
            if name in _EXPRESSIONS and isinstance(each, str):
                yield (*path, name), each
            yield from expressions_in(each, (*path, name))
    if isinstance(data, list):
        for place, each in enumerate(data):
            yield from expressions_in(each, (*path, place))
