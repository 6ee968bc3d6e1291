"""Takes in SES's reports of messages, as the function of the feedback queue does, against the sink."""

import json
import time
from datetime import UTC, datetime, timedelta
from itertools import batched

from local_cloud.ses.feedback import Kind, detail
from local_cloud.ses.sent_email import SentEmail, pack
from outreach.domain.sending.send import SendId
from sink_of_customers import STEP, customer_ids
from sweeping import ENVIRONMENT, Run, counted, forget_built, sink

BATCH = 500
"""Records that one call of the function gets at most (BatchSize in template.yaml)."""
WARM_UP = 50


def take_in_reports(mails: int) -> Run:
    """Each message is reported as sent and delivered by EventBridge, and as sent by SNS, in one batch."""
    customers = customer_ids(WARM_UP + mails)
    with sink(0, "claimed") as endpoint:
        forget_built()
        take_in_batches([body for each in customers[:WARM_UP] for body in reports_of(each)])
        bodies = [body for each in customers[WARM_UP:] for body in reports_of(each)]
        counted(endpoint)
        cpu, wall = time.process_time(), time.perf_counter()
        moved = take_in_batches(bodies)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        if moved < mails:
            raise RuntimeError(f"of {mails} messages {moved} were moved")
        return Run(mails, cpu, wall, counted(endpoint))


def take_in_batches(bodies: list[str]) -> int:
    """How often a message got further; one whose reports lie in two batches gets further twice."""
    from outreach import wiring
    from outreach.adapters.ses.events import read_report

    moved = 0
    for batch in batched(bodies, BATCH, strict=False):
        digest = wiring.take_in_feedback()([read_report(body) for body in batch])
        if digest.failed:
            raise RuntimeError(f"reports were not taken in: {digest.failed}")
        moved += digest.moved
    return moved


def reports_of(customer_id: str) -> list[str]:
    """The bodies of the queue's records about one message, as SES writes them."""
    now = datetime.now(UTC)
    address = f"{customer_id}@example.com"
    tags = {**SendId(customer_id, "win-back", customer_id, 1, STEP).as_tags(), "class": "marketing"}
    sent = SentEmail(
        message_id=f"0100-{customer_id}",
        sent_at=now - timedelta(seconds=3),
        sender=ENVIRONMENT["SENDER"],
        recipients=(address,),
        reply_to=(),
        headers={},
        tags=tags,
        configuration_set=ENVIRONMENT["CONFIGURATION_SET"],
        function="SweepPageFunction",
        to_addresses=(address,),
        _body=pack("How is your kitchen?", "", ""),
    )
    from_bus = [
        {"detail-type": kind.value, "source": "aws.ses", "time": now.isoformat(), "detail": found}
        for kind in (Kind.SENT, Kind.DELIVERED)
        if (found := detail(kind, sent, now, {}))
    ]
    return [json.dumps(each) for each in (*from_bus, detail(Kind.SENT, sent, now, {}))]
