"""From plain YAML values to the typed models, part by part, so that one bad step hides no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from outreach.adapters.campaign_files.model import MOST_STEPS, Header
from outreach.adapters.campaign_files.steps.registry import SPEC_OF_VERB, SPECS
from outreach.adapters.campaign_files.values import WORDS
from outreach.adapters.validation.model_problems import findings
from outreach.adapters.validation.suggest import did_you_mean
from outreach.domain.journeys.campaign import END

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outreach.adapters.campaign_files.report import Report
    from outreach.adapters.campaign_files.steps.form import StepForm
    from outreach.adapters.campaign_files.yaml_lines import Path

_VERBS = ", ".join(SPEC_OF_VERB)
_NO_VERBS = {
    field.alias or name for spec in SPECS for name, field in spec.form.model_fields.items()
} - SPEC_OF_VERB.keys()


def header_form(data: Mapping[str, object], report: Report) -> Header | None:
    """Everything but the steps; None when something in it is wrong."""
    return _validated(Header, {name: each for name, each in data.items() if name != "steps"}, (), report)


def step_forms(data: Mapping[str, object], report: Report) -> list[tuple[int, StepForm]]:
    """The valid steps, each with its place in the list."""
    raw = data.get("steps")
    if not isinstance(raw, list) or not raw:
        report.add(("steps",), "must be a list of what happens, such as `- send: welcome`")
        return []
    if len(raw) > MOST_STEPS:
        report.add(("steps",), f"has too many entries: {MOST_STEPS} at most")
    forms = ((place, _step(place, each, report)) for place, each in enumerate(raw))
    return [(place, form) for place, form in forms if form is not None]


def without_value(data: object, path: Path) -> Iterator[Path]:
    """Names with nothing behind them: ignoring them would turn an empty `if:` into always."""
    if isinstance(data, dict):
        for name, each in data.items():
            if each is None and not (name == END and path[:1] == ("steps",)):
                yield (*path, name)
            yield from without_value(each, (*path, name))
    if isinstance(data, list):
        for place, each in enumerate(data):
            yield from without_value(each, (*path, place))


def _step(place: int, raw: object, report: Report) -> StepForm | None:
    path = ("steps", place)
    step = {END: None} if raw == END else raw
    if not isinstance(step, dict):
        report.add(path, f"is not a step; write one as `- verb: value` with one of {_VERBS}")
        return None
    verbs = [name for name in step if name in SPEC_OF_VERB]
    if not verbs:
        unknown = [name for name in step if name not in _NO_VERBS]
        hint = did_you_mean(unknown[0], SPEC_OF_VERB) if unknown else f"add one of {_VERBS}"
        report.add((*path, *unknown[:1]), f"does not say what to do; {hint}")
        return None
    if len(verbs) > 1:
        report.add(path, f"does {len(verbs)} things ({', '.join(verbs)}); write one list item for each")
        return None
    form: type[StepForm] = SPEC_OF_VERB[verbs[0]].form
    return _validated(form, step, path, report)


def _validated[M: BaseModel](
    model: type[M], raw: Mapping[str, object], path: Path, report: Report
) -> M | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        told = set(without_value(raw, path))
        for finding in findings(error, model, WORDS):
            if (*path, *finding.path) not in told:
                report.add((*path, *finding.path), finding.what)
        return None
