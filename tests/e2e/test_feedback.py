"""Reports about messages take effect: bounces, complaints, deliveries, late and in disorder."""

from typing import Any

from e2e.shop import Shop, days, hours, minutes


def _send(shop: Shop, customer_id: str, campaign: str, step: str) -> dict[str, Any]:
    row = next(row for row in shop.stored(customer_id) if f"ENROLLMENT#{campaign}#" in row["SK"]["S"])
    entry: dict[str, Any] = row["sends"]["M"][step]["M"]
    return {name: value for attribute in entry.items() for name, value in [_plain(attribute)]}


def _plain(attribute: tuple[str, dict[str, str]]) -> tuple[str, str]:
    name, value = attribute
    return name, next(iter(value.values()))


def _profile(shop: Shop, customer_id: str) -> dict[str, Any]:
    return next(row for row in shop.stored(customer_id) if row["SK"]["S"] == "PROFILE")


def _dead_feedback(shop: Shop) -> list[str]:
    answer = shop.cloud.client("sqs").receive_message(
        QueueUrl=shop.cloud.outputs["FeedbackDeadLetterQueueUrl"],
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        MessageAttributeNames=["All"],
    )
    return [
        dead_letter["MessageAttributes"]["Reason"]["StringValue"]
        for dead_letter in answer.get("Messages", [])
    ]


def test_a_delivered_message_is_known_to_be_delivered(shop: Shop) -> None:
    shop.signs_up("c-fine")
    shop.waits(minutes(5))

    assert _send(shop, "c-fine", "onboarding", "welcome")["s"] == "delivered"


def test_who_does_not_exist_gets_nothing_more_and_the_journey_stops_at_once(shop: Shop) -> None:
    shop.signs_up("c-nobody")
    (welcome,) = shop.inbox("c-nobody")
    shop.cloud.ses_event("Email Bounced", welcome.message_id)
    shop.waits(minutes(1))

    assert _send(shop, "c-nobody", "onboarding", "welcome")["s"] == "bounced"
    assert _profile(shop, "c-nobody")["suppressed"]["S"] == "hard_bounce"
    assert {run.status for run in shop.journeys("c-nobody", "onboarding")} == {"ABORTED"}
    shop.order("placed", "c-nobody", "o-nobody", promised_at=shop.now + days(3))
    shop.order("delayed", "c-nobody", "o-nobody", promised_at=shop.now + days(9), reason="mud")
    shop.waits(days(20))
    assert len(shop.inbox("c-nobody")) == 1


def test_who_complains_is_suppressed_and_unsubscribed(shop: Shop) -> None:
    shop.signs_up("c-angry")
    (welcome,) = shop.inbox("c-angry")
    shop.waits(minutes(1))
    shop.cloud.ses_event("Email Complaint Received", welcome.message_id)
    shop.cloud.ses_event("Email Delivered", welcome.message_id)
    shop.waits(minutes(1))

    assert _send(shop, "c-angry", "onboarding", "welcome")["s"] == "complained"
    profile = _profile(shop, "c-angry")
    assert (profile["suppressed"]["S"], profile["marketing"]["BOOL"]) == ("complaint", False)
    assert {run.status for run in shop.journeys("c-angry", "onboarding")} == {"ABORTED"}


def test_taking_a_message_out_of_the_spam_folder_is_no_complaint(shop: Shop) -> None:
    shop.signs_up("c-kind")
    (welcome,) = shop.inbox("c-kind")
    shop.cloud.ses_event("Email Complaint Received", welcome.message_id, complaintFeedbackType="not-spam")
    shop.waits(minutes(1))

    assert "suppressed" not in _profile(shop, "c-kind")
    assert {run.status for run in shop.journeys("c-kind", "onboarding")} == {"RUNNING"}


def test_a_suppressed_address_stays_so_for_every_customer_who_signs_up_with_it(shop: Shop) -> None:
    shop.signs_up("c-first")
    (welcome,) = shop.inbox("c-first")
    shop.cloud.ses_event("Email Bounced", welcome.message_id)
    shop.waits(minutes(1))
    shop.tells("customer.deleted", "c-first")
    shop.tells(
        "customer.signed_up",
        "c-second",
        customer={
            "email": "C-First@Example.com",
            "consent": {"marketing": True, "at": shop.now.isoformat()},
        },
    )
    shop.waits(hours(1))

    assert _profile(shop, "c-second")["suppressed"]["S"] == "hard_bounce"
    assert shop.inbox("c-second") == []


def test_a_new_address_frees_the_customer(shop: Shop) -> None:
    shop.signs_up("c-moves")
    (welcome,) = shop.inbox("c-moves")
    shop.cloud.ses_event("Email Bounced", welcome.message_id)
    shop.waits(minutes(1))
    shop.tells("customer.updated", "c-moves", customer={"email": "new-home@example.com"})

    assert "suppressed" not in _profile(shop, "c-moves")


def test_what_is_no_feedback_lies_in_the_dead_letter_queue_with_its_reason(shop: Shop) -> None:
    shop.cloud.client("sqs").send_message(
        QueueUrl=shop.cloud.outputs["FeedbackQueueUrl"], MessageBody='{"detail": {"eventType": "Bounce"}}'
    )
    shop.waits(minutes(1))

    assert _dead_feedback(shop) == ["mail: is missing or no object"]


def test_nothing_personal_is_in_the_rows_of_an_address(shop: Shop) -> None:
    shop.signs_up("c-hidden")
    (welcome,) = shop.inbox("c-hidden")
    shop.cloud.ses_event("Email Bounced", welcome.message_id)
    shop.waits(minutes(1))
    rows = shop.cloud.client("dynamodb").scan(TableName=shop.cloud.outputs["TableName"])["Items"]
    about_addresses = [row for row in rows if row["PK"]["S"].startswith("ADDRESS#")]

    assert len(about_addresses) >= 2
    assert "example.com" not in str(about_addresses)
