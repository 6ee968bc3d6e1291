"""`branch`: go to the first arm whose expression is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from outreach.adapters.campaign_files.parts import Part
from outreach.adapters.campaign_files.steps.form import StepForm
from outreach.adapters.campaign_files.steps.spec import Exit, StepSpec, StepWords
from outreach.adapters.campaign_files.values import Expression, Name
from outreach.adapters.campaign_files.words import going_on_words
from outreach.domain.journeys.campaign import Arm, BranchStep, Campaign, Condition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.campaign_files.model import Header
    from outreach.adapters.campaign_files.yaml_lines import Path


class ArmForm(Part):
    """One arm of a branch."""

    when: Expression | None = Field(
        None, alias="if", description="Taken when true; leave out for the last way."
    )
    goto: Name = Field(description="Label of a later step, or end.")


class BranchForm(StepForm):
    """Go to the first arm whose expression is true, else on with the next step."""

    branch: Annotated[list[ArmForm], Field(min_length=1, max_length=20)] = Field(
        description="The ways, tried from the top."
    )


class BranchSpec(StepSpec[BranchForm, BranchStep]):
    """An arm without `if` is always taken; without one, the run may go on with the next step."""

    verb = "branch"
    icon = '<path d="M0 7v-4M0 3l-6-6v-3M0 3l6-6v-3"/>'
    form = BranchForm
    step = BranchStep

    def translate(self, form: BranchForm, label: str, condition: Condition) -> BranchStep:
        return BranchStep(label, condition, tuple(Arm(arm.goto, arm.when) for arm in form.branch))

    def label_words(self, form: BranchForm, before: str) -> str:
        return f"branch {' '.join(arm.goto for arm in form.branch)}"

    def words(self, step: BranchStep, campaign: Campaign) -> StepWords:
        whens = ("otherwise" if arm.expression is None else f"if {arm.expression}" for arm in step.arms)
        ways = zip(whens, step.arms, strict=True)
        return StepWords("choose", tuple(f"{when}: {going_on_words(arm.goto)}" for when, arm in ways))

    def exits(self, step: BranchStep) -> Iterator[Exit]:
        for place, arm in enumerate(step.arms):
            yield Exit(arm.goto, arm.expression or "otherwise", ("branch", place, "goto"))
        if all(arm.expression is not None for arm in step.arms):
            yield Exit()

    def problems(self, form: BranchForm, header: Header | None) -> Iterator[tuple[Path, str]]:
        for place, arm in enumerate(form.branch[:-1]):
            if arm.when is None:
                yield (
                    ("branch", place),
                    "only the last way may be without `if`: the ways below are never taken",
                )
