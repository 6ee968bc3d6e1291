"""Whether SES's reports of messages come in, by each way that the configuration set has."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from outreach.adapters.ses.feedback_evidence import PROBE_ADDRESS
from outreach.domain.errors import SendImpossibleError, SendRefusedError
from outreach.domain.feedback.report import ReportSource
from outreach_tools.doctor.finding import Finding, fail, ok, warn
from outreach_tools.doctor.site import Site
from outreach_tools.wiring import for_stack

_NAMES = {ReportSource.EVENTBRIDGE: "EventBridge", ReportSource.SNS: "SNS"}
_DESTINATIONS = {ReportSource.EVENTBRIDGE: "EventBridgeDestination", ReportSource.SNS: "SnsDestination"}
"""The field of a destination of SES's events that leads to each."""
_LOOKS = 12
_BETWEEN_LOOKS_SECONDS = 5
_CLOCKS_DIFFER_BY = timedelta(seconds=5)


def look_at_feedback(site: Site, *, probe: bool) -> Iterator[Finding]:
    """For each way, when SES took the newest reported message. `probe` sends one to be reported.

    It goes to SES's mailbox simulator, which harms no reputation.
    """
    ways = _ways(site)
    since = None
    if probe and ways:
        since = datetime.now(UTC) - _CLOCKS_DIFFER_BY
        try:
            _send_probe(site)
        except (SendImpossibleError, SendRefusedError) as refused:
            yield fail(
                "probe", f"SES refused a message to its simulator: {refused}", site.outreach("sending status")
            )
            since = None
        else:
            yield ok("probe", "SES took a message to its simulator")
            _wait_for(site, ways, since)
    marks = _marks(site)
    for way in ReportSource:
        if way in ways:
            yield _seen(site, way, marks.get(way), since)
        else:
            what = (
                f"SES's reports do not go to {_NAMES[way]}: the stack's own event destination is gone or off"
            )
            yield fail(f"feedback {_NAMES[way]}", what, "make deploy")


def _seen(site: Site, source: ReportSource, newest: datetime | None, since: datetime | None) -> Finding:
    way = _NAMES[source]
    name = f"feedback {way}"
    queue = site.outreach("redrive --feedback --dry-run")
    if since is not None and (newest is None or newest < since):
        return fail(name, f"no report of the probe came by {way} within a minute", queue)
    if newest is None:
        return warn(
            name, f"nothing has come by {way} yet: send one message to see", site.outreach("doctor --probe")
        )
    return ok(name, f"reports come by {way}; the newest is of a message of {newest:%Y-%m-%d %H:%M} UTC")


def _ways(site: Site) -> list[ReportSource]:
    """Those that are set up and enabled."""
    answer = site.stack.client("sesv2").get_configuration_set_event_destinations(
        ConfigurationSetName=site.stack.outputs["ConfigurationSetName"]
    )
    enabled = [each for each in answer.get("EventDestinations", ()) if each.get("Enabled")]
    return [source for source, field in _DESTINATIONS.items() if any(field in each for each in enabled)]


def _marks(site: Site) -> Mapping[ReportSource, datetime]:
    """When SES took the newest message that each source has reported."""
    return for_stack(site.stack).feedback_marks.health().marks


def _send_probe(site: Site) -> None:
    for_stack(site.stack).mailer.probe(PROBE_ADDRESS)


def _wait_for(site: Site, ways: list[ReportSource], since: datetime) -> None:
    """Until every way has reported the probe, a minute at most."""
    for _ in range(_LOOKS):
        marks = _marks(site)
        if all(way in marks and marks[way] >= since for way in ways):
            return
        time.sleep(_BETWEEN_LOOKS_SECONDS)
