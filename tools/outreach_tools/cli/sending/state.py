"""What is paused in a stack, for the commands that show it or change it."""

from typing import TYPE_CHECKING

from outreach_tools.cli.stack import stack_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import typer

    from outreach.adapters.dynamodb.sending.sending_state import DynamoSendingState
    from outreach.domain.sending.sending_state import SendingState


def sending_state_of(context: "typer.Context", stack_name: str) -> "DynamoSendingState":
    """The adapter of a stack's sending state."""
    from outreach_tools.wiring import for_stack

    return for_stack(stack_of(context, stack_name)).sending_state


def paused_campaigns_document(sending: "SendingState") -> dict[str, dict[str, str]]:
    """Each paused campaign with who paused it, when and why."""
    return {
        name: {"reason": pause.reason, "by": pause.by, "at": pause.at.isoformat()}
        for name, pause in sorted(sending.campaigns.items())
    }


def paused_campaign_lines(sending: "SendingState") -> "Iterator[str]":
    """The same as lines."""
    for name, pause in sorted(sending.campaigns.items()):
        yield f"campaign       {name} paused by {pause.by} at {pause.at.isoformat()}: {pause.reason}"
