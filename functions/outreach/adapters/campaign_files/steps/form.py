"""The fields that may stand on any step."""

from pydantic import Field

from outreach.adapters.campaign_files.parts import Part
from outreach.adapters.campaign_files.values import Expression, Name


class StepForm(Part):
    """A step as the file writes it; each verb adds its own fields."""

    label: Name | None = Field(
        None,
        description="The step's permanent name; give one to steps that others jump to or that may change.",
    )
    when: Expression | None = Field(None, alias="if", description="The step is skipped unless this is true.")
    unless: Expression | None = Field(None, description="The step is skipped when this is true.")
