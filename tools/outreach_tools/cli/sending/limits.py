"""`outreach sending limits`: how fast and how much SES lets this account send, and what is left of it."""

from typing import TYPE_CHECKING, Any

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, stack_of

if TYPE_CHECKING:
    from outreach.domain.sending.account_limits import SendingStatus


_MOST_PER_SECOND = 1_000_000
"""SES grants no account as much: only the local cloud does, where nothing slows sending down."""


def limits(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """Say what SES grants the account, what is used of it, and whether the account is in the sandbox."""
    from outreach.domain.sending.account_limits import LimitsUnknownError

    with aws_failures(stack):
        try:
            status = _status(context, stack)
        except LimitsUnknownError as error:
            fail(f"SES does not report the limits of this account: {error}; may you call ses:GetAccount?")
    if as_json:
        print_json(_document(status))
    else:
        _print(status)


def _status(context: typer.Context, stack_name: str) -> "SendingStatus":
    from outreach_tools.wiring import for_stack

    adapters = for_stack(stack_of(context, stack_name))
    return adapters.rate_limiter.status(now=adapters.clock.now())


def _document(status: "SendingStatus") -> dict[str, Any]:
    granted = status.limits
    return {
        "sandbox": granted.sandbox,
        "enforcement": granted.enforcement,
        "sending_enabled": granted.enabled,
        "granted_per_second": granted.rate,
        "used_per_second": round(status.rate, 2),
        "slowed_at": None if status.slowed_at is None else status.slowed_at.isoformat(),
        "quota_per_24_hours": granted.quota,
        "sent_in_24_hours": granted.sent,
        "left": status.left,
        "left_for_marketing": status.left_for_marketing,
    }


def _print(status: "SendingStatus") -> None:
    said = _document(status)
    screen = results()
    if said["sandbox"]:
        screen.print(
            "account   in the SES sandbox: only verified recipients get mail; ask AWS for production access"
        )
    else:
        screen.print("account   in production")
    if said["enforcement"] != "HEALTHY" or not said["sending_enabled"]:
        off = "" if said["sending_enabled"] else ", and has switched sending off"
        screen.print(
            f"warning   SES says {said['enforcement']}{off}: read the reputation page of the SES console"
        )
    slowed = f" (slowed down since SES refused at {said['slowed_at']})" if said["slowed_at"] else ""
    if said["granted_per_second"] >= _MOST_PER_SECOND:
        screen.print("rate      unlimited")
    else:
        screen.print(
            f"rate      {said['used_per_second']:.10g} a second, "
            f"of {said['granted_per_second']:.10g} granted{slowed}"
        )
    if said["quota_per_24_hours"] is None:
        screen.print("quota     none")
        return
    screen.print(
        f"quota     {said['quota_per_24_hours']} in 24 hours; {said['sent_in_24_hours']} sent, "
        f"{said['left']} left, {said['left_for_marketing']} of them for marketing"
    )
