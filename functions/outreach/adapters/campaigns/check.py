"""Checks a campaign file as a whole and says everything that is wrong with it at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pydantic import BaseModel, ValidationError

from outreach.adapters.campaigns.header_rules import broken_header_rules
from outreach.adapters.campaigns.labels import labels_of
from outreach.adapters.campaigns.model import MOST_STEPS, STEP_FORMS, AnyStepForm, CampaignFile, Header
from outreach.adapters.campaigns.step_rules import broken_roads, broken_step_rules, known_label
from outreach.adapters.campaigns.translate import campaign_from
from outreach.adapters.campaigns.values import WORDS
from outreach.adapters.campaigns.yaml_lines import Document, Path, read_yaml
from outreach.adapters.json_schema import schema_of
from outreach.adapters.model_problems import findings
from outreach.adapters.nearest import did_you_mean
from outreach.domain.campaign import Campaign
from outreach.domain.errors import InvalidCampaign, OutreachError, Problem
from outreach.domain.rendering import TemplateError

type CheckExpression = Callable[[str], None]

_EXPRESSIONS = frozenset({"if", "unless", "until", "only_if"})
_VERBS = ", ".join(STEP_FORMS)


@dataclass(slots=True)
class _Check:
    file: str
    document: Document
    problems: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: Path, what: str) -> None:
        place = _in_words(path)
        self.problems.append((self.document.line_of(path), f"{place}: {what}" if place else what))

    def error(self) -> InvalidCampaign:
        ordered = dict.fromkeys(sorted(self.problems))
        return InvalidCampaign(tuple(Problem(f"{self.file}:{line}", what) for line, what in ordered))


def checked_campaign(
    text: str, file: str, version: str, check_expression: CheckExpression | None
) -> Campaign:
    """The campaign in a file's text. Raises InvalidCampaign with every problem, in the order of lines."""
    document = read_yaml(text)
    check = _Check(file, document, [(slip.line, slip.what) for slip in document.slips])
    data = document.data
    if not check.problems and not isinstance(data, dict):
        check.add((), "holds no campaign; begin with `name:`, as the campaigns that are shipped do")
    if check.problems or not isinstance(data, dict):
        raise check.error()
    for path in _without_value(data, ()):
        check.add(path, "has no value; give it one or leave the line out")
    header = _header(data, check)
    steps = _steps(data, check)
    if check_expression is not None:
        for path, expression in _expressions(data, ()):
            _try_expression(check_expression, expression, path, check)
    folder = PurePosixPath(file).parent.name if PurePosixPath(file).name == "campaign.yaml" else ""
    if header is not None:
        for path, what in broken_header_rules(header, folder):
            check.add(path, what)
    placed = [
        (place, label, form)
        for (place, form), label in zip(steps, labels_of([form for _, form in steps]), strict=True)
    ]
    raw = data["steps"] if isinstance(data.get("steps"), list) else []
    for path, what in broken_step_rules(placed, frozenset(filter(None, map(known_label, raw))), header):
        check.add(path, what)
    if not check.problems:
        for path, what in broken_roads(placed):
            check.add(path, what)
    if check.problems or header is None:
        raise check.error()
    return campaign_from(header, [(label, form) for _, label, form in placed], version)


def campaign_json_schema() -> dict[str, object]:
    """The JSON Schema of a campaign file (draft 2020-12)."""
    return schema_of(CampaignFile, "Outreach campaign", without_null=True)


def _header(data: Mapping[str, object], check: _Check) -> Header | None:
    return _validated(Header, {name: each for name, each in data.items() if name != "steps"}, (), check)


def _steps(data: Mapping[str, object], check: _Check) -> list[tuple[int, AnyStepForm]]:
    raw = data.get("steps")
    if not isinstance(raw, list) or not raw:
        if raw is not None or "steps" not in data:
            check.add(("steps",), "is missing: a list of what happens, such as `- send: welcome`")
        return []
    if len(raw) > MOST_STEPS:
        check.add(("steps",), f"has too many entries: {MOST_STEPS} at most")
    forms = ((place, _step(place, each, check)) for place, each in enumerate(raw))
    return [(place, form) for place, form in forms if form is not None]


def _step(place: int, raw: object, check: _Check) -> AnyStepForm | None:
    path = ("steps", place)
    if raw == "end":
        raw = {"end": None}
    if not isinstance(raw, dict):
        check.add(path, f"is not a step; write one as `- verb: value` with one of {_VERBS}")
        return None
    verbs = [name for name in raw if name in STEP_FORMS]
    if not verbs:
        near = [
            name
            for name in raw
            if name not in {"label", "if", "unless", "window", "valid_for", "up_to", "until"}
        ]
        hint = did_you_mean(str(near[0]), STEP_FORMS) if near else f"add one of {_VERBS}"
        check.add((*path, *near[:1]), f"says not what to do; {hint}")
        return None
    if len(verbs) > 1:
        check.add(path, f"does {len(verbs)} things ({', '.join(verbs)}); write one list item for each")
        return None
    return _validated(STEP_FORMS[verbs[0]], raw, path, check)


def _validated[M: BaseModel](
    model: type[M], raw: Mapping[str, object], path: Path, check: _Check
) -> M | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        empty = set(_without_value(raw, path))
        for finding in findings(error, model, WORDS):
            if (*path, *finding.path) not in empty:
                check.add((*path, *finding.path), finding.what)
        return None


def _without_value(data: object, path: Path) -> Iterator[Path]:
    """Names that stand there with nothing behind them: silence would turn a forgotten `if:` into always."""
    if isinstance(data, dict):
        for name, each in data.items():
            if each is None and not (name == "end" and path[:1] == ("steps",)):
                yield (*path, name)
            yield from _without_value(each, (*path, name))
    if isinstance(data, list):
        for place, each in enumerate(data):
            yield from _without_value(each, (*path, place))


def _expressions(data: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(data, dict):
        for name, each in data.items():
            if name in _EXPRESSIONS and isinstance(each, str) and path[:1] != ("values",):
                yield (*path, name), each
            yield from _expressions(each, (*path, name))
    if isinstance(data, list):
        for place, each in enumerate(data):
            yield from _expressions(each, (*path, place))


def _try_expression(check_expression: CheckExpression, expression: str, path: Path, check: _Check) -> None:
    try:
        check_expression(expression)
    except TemplateError as error:
        check.add(path, error.problem)
    except (OutreachError, ValueError) as error:
        check.add(path, str(error))


def _in_words(path: Path) -> str:
    """A path as a reader counts: `steps[2].wait` is the third step's `wait`."""
    match path:
        case ():
            return ""
        case ("steps", int(place)):
            return f"step {place + 1}"
        case ("steps", int(place), *rest):
            return f"step {place + 1}, {_dotted(tuple(rest))}"
    return _dotted(path)


def _dotted(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return f"`{text}`"
