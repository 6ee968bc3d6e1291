"""A verb for a test, `beep: 3`: per file of the project, what it gets for the verb."""

from collections.abc import Mapping

CLASS = '''\
@dataclass(frozen=True, slots=True)
class BeepStep:
    """Beep so many times."""

    label: str
    condition: "Condition"
    times: int


'''
SPEC = '''\
"""`beep`: beep so many times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StrictInt

from outreach.adapters.campaign_files.steps.form import StepForm
from outreach.adapters.campaign_files.steps.spec import Exit, StepSpec, StepWords
from outreach.domain.journeys.campaign import BeepStep, Campaign, Condition

if TYPE_CHECKING:
    from collections.abc import Iterator


class BeepForm(StepForm):
    """Beep so many times."""

    beep: Annotated[StrictInt, Field(ge=1, le=9)] = Field(description="How many times.")


class BeepSpec(StepSpec[BeepForm, BeepStep]):
    """The next step follows at once."""

    verb = "beep"
    icon = '<path d="M-6 4h12"/>'
    form = BeepForm
    step = BeepStep

    def translate(self, form: BeepForm, label: str, condition: Condition) -> BeepStep:
        return BeepStep(label, condition, form.beep)

    def label_words(self, form: BeepForm, before: str) -> str:
        return f"beep {form.beep}"

    def words(self, step: BeepStep, campaign: Campaign) -> StepWords:
        return StepWords(f"beep {step.times} times")

    def exits(self, step: BeepStep) -> Iterator[Exit]:
        yield Exit()
'''
DECISION = """\
        case BeepStep():
            event = f"team.beeped_{step.times}_times"
            return Decision(Notify(NotifyStep(step.label, step.condition, event)), enrollment)
"""
SECTION = """\
### beep

```yaml
- beep: 3
- send: hello
```

Beeps three times, then sends `hello`.

"""


DOMAIN = "functions/outreach/domain/journeys"
STEPS = "functions/outreach/adapters/campaign_files/steps"
STEPS_MODULE = "outreach.adapters.campaign_files.steps"
NEW_FILE = ""
"""The text before the change."""
SCHEMA = "docs/campaign.schema.json"
"""Written anew by the command that CONTRIBUTING.md gives."""
CHANGES: Mapping[str, tuple[tuple[str, str], ...]] = {
    f"{DOMAIN}/campaign.py": (("type Step = ", CLASS + "type Step = BeepStep | "),),
    f"{DOMAIN}/next_action.py": (
        ("import (\n    END,\n", "import (\n    END,\n    BeepStep,\n"),
        ("    match step:\n", "    match step:\n" + DECISION),
    ),
    f"{STEPS}/beep.py": ((NEW_FILE, SPEC),),
    f"{STEPS}/registry.py": (
        (
            f"from {STEPS_MODULE}.branch ",
            f"from {STEPS_MODULE}.beep import BeepSpec\nfrom {STEPS_MODULE}.branch ",
        ),
        ("    EndSpec(),\n", "    EndSpec(),\n    BeepSpec(),\n"),
    ),
    "docs/campaigns.md": (("### end\n", SECTION + "### end\n"),),
    "tests/domain/test_any_journey.py": (
        ("    BranchStep,\n", "    BeepStep,\n    BranchStep,\n"),
        (
            "        EndStep: ",
            "        BeepStep: st.builds(BeepStep, *given, st.integers(1, 9)),\n        EndStep: ",
        ),
    ),
}
"""Per file: what stands there, and what stands there with the verb."""
