"""What may happen at any AWS call: the process crashes, or a rival is faster."""

import json
from typing import Any

from local_cloud import LocalCloud
from local_cloud.faults import When
from proof.forks import Happening
from proof.story import LEAVER

DEATHS = tuple(Happening(f"dies {when}", dies=when) for when in When)


def _invoke(cloud: LocalCloud, function: str, payload: dict[str, Any]) -> None:
    cloud.client("lambda").invoke(FunctionName=cloud.resource(function), Payload=json.dumps(payload))


def _sweeps(cloud: LocalCloud) -> None:
    for campaign in ("letter", "reminder"):
        work = {"sweep": cloud.now.isoformat(), "campaign": campaign, "shard": 0, "failed": False}
        _invoke(cloud, "SweepPageFunction", work)


def _advances(cloud: LocalCloud) -> None:
    for campaign, customer_id in (("letter", "c-reader-1"), ("reminder", "c-guest-1")):
        ids = {"customer_id": customer_id, "campaign": campaign, "key": customer_id, "run": 1}
        _invoke(cloud, "AdvanceEnrollmentFunction", ids)


def _event(cloud: LocalCloud, name: str, customer: dict[str, Any]) -> None:
    now = cloud.now.isoformat()
    detail = {"event_id": f"{LEAVER} {name}", "occurred_at": now, "customer": {"id": LEAVER, **customer}}
    body = json.dumps({"source": "shop", "detail-type": name, "detail": detail})
    record = {"messageId": "m-1", "receiptHandle": "r-1", "body": body, "attributes": {}}
    _invoke(cloud, "TakeInEventFunction", {"Records": [record | {"eventSource": "aws:sqs"}]})


def _opts_out(cloud: LocalCloud) -> None:
    consent = {"marketing": False, "at": cloud.now.isoformat()}
    _event(cloud, "customer.updated", {"consent": consent})


def _leaves(cloud: LocalCloud) -> None:
    _event(cloud, "letter.unwanted", {})


RIVALS = (
    Happening("another sweep", does=_sweeps),
    Happening("an execution meant for it", does=_advances),
    Happening("an opt-out", does=_opts_out),
    Happening("an event that ends it", does=_leaves),
)
