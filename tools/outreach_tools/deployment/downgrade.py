"""Whether a deployment would put code over rows that it cannot read."""

from typing import Any

from botocore.exceptions import ClientError

from outreach_tools.release import format_of, is_too_new, release_of, this_release


def downgrade_problem(cloudformation: Any, stack: str) -> str | None:
    """One line when the deployed release writes rows of a newer format; None when there is no such stack.

    Raises ClientError and BotoCoreError.
    """
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # CloudFormation's for a missing stack
            return None
        raise
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}
    if not is_too_new(outputs):
        return None
    return (
        f"it runs Outreach {release_of(outputs)}, whose rows have format {format_of(outputs)}, and "
        f"{this_release()} cannot read them; UPGRADING.md says what a rollback needs"
    )
