"""Every verb of a campaign file, and the ways to find its StepSpec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import Discriminator, Tag

from outreach.adapters.campaign_files.steps.branch import BranchSpec
from outreach.adapters.campaign_files.steps.end import EndSpec
from outreach.adapters.campaign_files.steps.notify import NotifySpec
from outreach.adapters.campaign_files.steps.send import SendSpec
from outreach.adapters.campaign_files.steps.spec import Exit, StepSpec
from outreach.adapters.campaign_files.steps.split import SplitSpec
from outreach.adapters.campaign_files.steps.wait import WaitSpec
from outreach.adapters.campaign_files.steps.wait_for import WaitForSpec
from outreach.adapters.validation.model_problems import tag
from outreach.domain.journeys.campaign import END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.campaign_files.steps.form import StepForm
    from outreach.domain.journeys.campaign import Step

SPECS: tuple[StepSpec[Any, Any], ...] = (
    SendSpec(),
    WaitSpec(),
    WaitForSpec(),
    BranchSpec(),
    SplitSpec(),
    NotifySpec(),
    EndSpec(),
)
"""In the order in which messages and the JSON Schema name them."""
SPEC_OF_VERB = {spec.verb: spec for spec in SPECS}
_SPEC_OF_FORM = {spec.form: spec for spec in SPECS}
SPEC_OF_STEP = {spec.step: spec for spec in SPECS}


def spec_of_form(form: StepForm) -> StepSpec[Any, Any]:
    """The verb that the file writes so."""
    return _SPEC_OF_FORM[type(form)]


def spec_of(step: Step) -> StepSpec[Any, Any]:
    """The verb of a step of the domain."""
    return SPEC_OF_STEP[type(step)]


def exits_of(step: Step) -> Iterator[Exit]:
    """Every exit of a step; one with a condition may be skipped, and then the next step follows."""
    yield from spec_of(step).exits(step)
    if step.condition.when is not None or step.condition.unless is not None:
        yield Exit()


def _tag_of(given: object) -> str | None:
    if given == END:
        return tag("word")
    return next((tag(verb) for verb in SPEC_OF_VERB if isinstance(given, dict) and verb in given), None)


if TYPE_CHECKING:
    type AnyStep = StepForm | Literal["end"]
else:
    AnyStep = Annotated[
        Union[
            Annotated[Literal["end"], Tag(tag("word"))],
            *(Annotated[spec.form, Tag(tag(spec.verb))] for spec in SPECS),
        ],
        Discriminator(_tag_of),
    ]
