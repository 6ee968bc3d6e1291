"""All checks, one after the other; one that fails says so, and the others go on."""

from collections.abc import Callable, Iterable, Iterator

from botocore.exceptions import BotoCoreError, ClientError

from outreach_tools.doctor.account import look_at_account, look_at_sending
from outreach_tools.doctor.feedback import look_at_feedback
from outreach_tools.doctor.finding import Finding, warn
from outreach_tools.doctor.release import look_at_release
from outreach_tools.doctor.resources import (
    look_at_alarms,
    look_at_backups,
    look_at_concurrency,
    look_at_keys,
)
from outreach_tools.doctor.sender import look_at_sender
from outreach_tools.doctor.site import Site


def examine(site: Site, *, probe: bool) -> Iterator[Finding]:
    """Every finding, in the order in which a new stack is set up."""
    checks: tuple[tuple[str, Callable[[Site], Iterable[Finding]]], ...] = (
        ("release", look_at_release),
        ("sender", look_at_sender),
        ("account", look_at_account),
        ("paused", look_at_sending),
        ("feedback", lambda looked_at: look_at_feedback(looked_at, probe=probe)),
        ("alarms", look_at_alarms),
        ("concurrency", look_at_concurrency),
        ("backups", look_at_backups),
        ("keys", look_at_keys),
    )
    for name, look in checks:
        try:
            yield from look(site)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            yield warn(name, f"could not be looked at: AWS refused {error.operation_name} ({code})")
        except BotoCoreError as error:
            yield warn(name, f"could not be looked at: {type(error).__name__}")
        except KeyError as missing:
            yield warn(name, f"could not be looked at: no {missing.args[0]} of this stack", "make deploy")
