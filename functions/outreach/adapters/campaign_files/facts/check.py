"""Checks `facts.yaml` as a whole, and says everything that is wrong with it at once."""

from __future__ import annotations

from pydantic import ValidationError

from outreach.adapters.campaign_files.facts.model import (
    NAME_PATTERN,
    FactsFile,
    ListForm,
    PlainForm,
)
from outreach.adapters.campaign_files.read_forms import without_value
from outreach.adapters.campaign_files.report import Report
from outreach.adapters.campaign_files.values import WORDS
from outreach.adapters.campaign_files.yaml_lines import read_yaml
from outreach.adapters.validation.json_schema import schema_of
from outreach.adapters.validation.model_problems import findings
from outreach.domain.journeys.declared_facts import DeclaredFact, DeclaredFacts, FactType

_NAME_OF_ENTRY = "[key]"
"""How pydantic ends the path of a mapping's name that is wrong itself."""
_WORDS = {
    **WORDS,
    NAME_PATTERN: "must be a name as producers send it, without dots, quotes and brackets, such as plan",
}
_GIVE_A_TYPE = "has no value; give it a type, such as {}: text"


def checked_facts(text: str, file: str) -> DeclaredFacts:
    """Raises InvalidCampaignError with every problem, in the order of lines."""
    document = read_yaml(text)
    report, data = Report(file, document), document.data
    if data is None and not report:
        return DeclaredFacts()
    if not report and not isinstance(data, dict):
        report.add((), "must be `customer:` and `events:` with the names and types of facts")
    if report or not isinstance(data, dict):
        raise report.error()
    silent = set(without_value(data, ()))
    for path in silent:
        report.add(path, _GIVE_A_TYPE.format(path[-1]))
    try:
        form = FactsFile.model_validate(data)
    except ValidationError as error:
        for finding in findings(error, FactsFile, _WORDS):
            path = finding.path[:-1] if finding.path[-1:] == (_NAME_OF_ENTRY,) else finding.path
            if path not in silent:
                report.add(path, finding.what)
        raise report.error() from None
    return DeclaredFacts(
        {name: _fact(each) for name, each in form.customer.items()},
        {
            event: {name: _fact(each) for name, each in fields.items()}
            for event, fields in form.events.items()
        },
    )


def facts_json_schema() -> dict[str, object]:
    """The JSON Schema of the file (draft 2020-12)."""
    return schema_of(FactsFile, "Outreach declared facts", without_null=True)


def _fact(form: str | PlainForm | ListForm) -> DeclaredFact:
    match form:
        case str():
            return DeclaredFact(FactType(form))
        case PlainForm():
            return DeclaredFact(FactType(form.type), form.required, form.default, tuple(form.one_of or ()))
    entry = form.list_of
    if isinstance(entry, str):
        return DeclaredFact(FactType.LIST_OF, form.required, entry=DeclaredFact(FactType(entry)))
    fields = {name: _fact(each) for name, each in entry.items()}
    return DeclaredFact(FactType.LIST_OF, form.required, fields=fields)
