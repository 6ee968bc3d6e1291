"""Steps of campaigns in a few words."""

from datetime import timedelta
from typing import Any

from outreach.domain.journeys.campaign import (
    ALWAYS,
    Condition,
    EndStep,
    NotifyStep,
    SendStep,
    WaitForStep,
    WaitStep,
)


def send(name: str, **fields: Any) -> SendStep:
    return SendStep(name, name, **({"condition": ALWAYS} | fields))


def send_if(expression: str, name: str) -> SendStep:
    return SendStep(name, name, Condition(when=expression))


def wait(label: str = "pause", **span: float) -> WaitStep:
    return WaitStep(label, ALWAYS, timedelta(**span))


def wait_for(event: str, *, on_timeout: str | None = None, **span: float) -> WaitForStep:
    return WaitForStep(f"until-{event}", ALWAYS, event, timedelta(**span), on_timeout=on_timeout)


def notify(event: str) -> NotifyStep:
    return NotifyStep("tell", ALWAYS, event)


def end() -> EndStep:
    return EndStep("stop", ALWAYS)
