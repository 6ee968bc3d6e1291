"""`outreach redrive` sends back an event that enrolled no customer: an `only_if` could not be evaluated."""

from collections.abc import Callable

from typer.testing import Result

from handlers.functions import sample
from local_cloud import LocalCloud
from offers import project_with_offers


def test_its_event_is_kept_and_enrolls_when_it_is_sent_back_after_a_correction(
    outreach: Callable[..., Result],
) -> None:
    """Attributes are corrected here: a campaign would have to be deployed anew."""
    with project_with_offers() as folder, LocalCloud(start="2026-03-02T09:00:00Z", project=folder) as cloud:
        signed_up = sample("eventbridge-customer-signed-up")["detail"]
        signed_up["customer"]["attributes"] = {"points": "120"}
        cloud.emit("customer.signed_up", signed_up)
        cloud.advance(minutes=1)
        (kept,) = cloud.refused
        assert kept.reason.startswith("only_if: of campaign offers cannot be evaluated")
        customer = {"id": signed_up["customer"]["id"], "attributes": {"points": 120}}
        corrected = {"event_id": "e-2", "occurred_at": cloud.now.isoformat(), "customer": customer}
        cloud.emit("customer.updated", corrected)
        cloud.advance(minutes=1)

        result = outreach("redrive", "--wait", "0", stack=cloud)
        cloud.advance(minutes=1)

        assert result.exit_code == 0
        assert list(cloud.refused) == []
        assert "offers" in [run.input["campaign"] for run in cloud.executions("JourneyStateMachine")]
