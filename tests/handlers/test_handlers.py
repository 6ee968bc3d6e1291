"""The handlers between a queue or a machine and a use case: input, output, log lines."""

import json
from typing import Any

import pytest

from handlers.functions import FunctionFailedError, Functions, batch_of, sample

ANA = {"customer_id": "c-ana", "campaign": "onboarding", "key": "c-ana", "run": 1}
ORDER = {"customer_id": "c-bo", "campaign": "delay-notification", "key": "o-1", "run": 1}


def take_in(functions: Functions, *names: str) -> None:
    bodies = [json.dumps(sample(name)) for name in names]
    assert functions.call("TakeInEventFunction", batch_of(*bodies)) == {"batchItemFailures": []}


def test_a_good_event_is_taken_in_and_a_bad_one_refused_with_its_reason(functions: Functions) -> None:
    bad = sample("eventbridge-customer-signed-up")
    bad["detail"]["customer"]["id"] = ""
    nonsense = "not even JSON"
    good = json.dumps(sample("eventbridge-customer-signed-up"))

    answer = functions.call("TakeInEventFunction", batch_of(json.dumps(bad), nonsense, good))

    assert answer == {"batchItemFailures": []}
    (first, why), (second, why_not) = functions.refused()
    assert (json.loads(first), second) == (bad, nonsense)
    assert why.startswith("customer.id: ")
    assert why_not.startswith("message: ")
    functions.cloud.settle()
    assert [mail.to for mail in functions.cloud.outbox] == ["ana@example.com"]


def test_an_order_is_taken_in_without_the_wrong_fields_of_its_customer_and_they_are_logged(
    functions: Functions,
) -> None:
    event = sample("eventbridge-order-placed")
    event["detail"]["customer"] |= {"time_zone": "Europe/Madird", "first_name": "x" * 101, "email": "ana"}

    functions.call("TakeInEventFunction", batch_of(json.dumps(event)))

    assert functions.refused() == []
    (line,) = [json.loads(each.text) for each in functions.cloud.logs if "event left out" in each.text]
    fields = sorted(problem.partition(":")[0] for problem in line["facts"]["problems"])
    assert fields == ["customer.email", "customer.first_name", "customer.time_zone"]
    assert not any(value in line.text for line in functions.cloud.logs for value in ("Madird", "xxx"))


def test_a_name_that_no_message_will_show_is_logged_and_kept(functions: Functions) -> None:
    event = sample("eventbridge-customer-signed-up")
    event["detail"]["customer"]["first_name"] = "Click https://evil.example/win NOW"

    functions.call("TakeInEventFunction", batch_of(json.dumps(event)))
    functions.cloud.settle()

    assert any("a name that no message will show" in line.text for line in functions.cloud.logs)
    (mail,) = functions.cloud.outbox
    assert "evil" not in mail.subject + mail.text + mail.html
    rows = functions.cloud.client("dynamodb").scan(TableName=functions.cloud.outputs["TableName"])["Items"]
    assert any("evil.example" in str(row) for row in rows)


@pytest.mark.parametrize("local", ["ana.cocina.", "ana..cocina"])
def test_an_address_with_dots_that_only_some_providers_take_is_tried_and_fails_with_the_reason_of_ses(
    functions: Functions, local: str
) -> None:
    event = sample("eventbridge-customer-signed-up")
    event["detail"]["customer"]["email"] = f"{local}@docomo.ne.jp"

    functions.call("TakeInEventFunction", batch_of(json.dumps(event)))
    functions.cloud.settle()

    rows = functions.cloud.client("dynamodb").scan(TableName=functions.cloud.outputs["TableName"])["Items"]
    (profile,) = [row for row in rows if row["SK"]["S"] == "PROFILE"]
    assert f"{local}@docomo.ne.jp" in str(profile)
    assert "BadRequestException" in str(rows)
    assert functions.cloud.outbox == ()


def test_whatever_is_in_a_message_the_batch_goes_on(functions: Functions) -> None:
    odd = ["null", "[]", "7", '"text"', '{"detail-type": 7, "detail": 7}', "[" * 100_000, '"\\ud800"']
    good = json.dumps(sample("eventbridge-customer-signed-up"))

    assert functions.call("TakeInEventFunction", batch_of(*odd, good)) == {"batchItemFailures": []}

    assert len(functions.refused()) == len(odd)
    functions.cloud.settle()
    assert len(functions.cloud.outbox) == 1


def test_a_refusal_that_cannot_be_kept_stays_in_the_queue_and_the_rest_is_done(functions: Functions) -> None:
    cloud = functions.cloud
    cloud.client("sqs").delete_queue(QueueUrl=cloud.resource("IntakeDeadLetterQueue"))
    bad, good = sample("eventbridge-customer-signed-up"), sample("eventbridge-customer-signed-up")
    bad["detail"]["customer"]["id"] = ""

    answer = functions.call("TakeInEventFunction", batch_of(json.dumps(bad), json.dumps(good)))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
    said = [json.loads(line.text) for line in cloud.logs if "not taken in" in line.text]
    assert [each["level"] for each in said] == ["WARNING"]
    facts = said[0]["facts"]
    assert "sqs_refusals.py" in "".join(facts["at"])
    assert (facts["operation"], facts["code"]) == ("SendMessage", "AWS.SimpleQueueService.NonExistentQueue")
    assert facts["event_id"] == bad["detail"]["event_id"]


def logged_facts(functions: Functions, message: str) -> list[dict[str, Any]]:
    lines = [json.loads(line.text) for line in functions.cloud.logs if line.text.startswith("{")]
    return [line.get("facts", {}) for line in lines if line.get("message") == message]


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_events_under_one_id_in_one_batch_the_second_is_refused(
    functions: Functions, turned: bool
) -> None:
    placed, delayed = sample("eventbridge-order-placed"), sample("eventbridge-order-placed")
    delayed["detail-type"] = "order.delayed"
    first, second = (delayed, placed) if turned else (placed, delayed)

    answer = functions.call("TakeInEventFunction", batch_of(json.dumps(first), json.dumps(second)))

    assert answer == {"batchItemFailures": []}
    ((body, reason),) = functions.refused()
    assert json.loads(body) == second
    assert reason.startswith(
        f"event_id: is the id of another event of this customer, `{first['detail-type']}`"
    )
    assert any("event refused" in line.text for line in functions.cloud.logs)


def test_taken_and_refused_events_are_logged_with_their_ids_and_no_address_is_one(
    functions: Functions,
) -> None:
    good, bad, personal = (sample("eventbridge-customer-signed-up") for _ in range(3))
    bad["detail"] |= {"event_id": "evt-bad", "occurred_at": "yesterday"}
    personal["detail"]["event_id"] = "signup-ana@example.com"

    functions.call("TakeInEventFunction", batch_of(*map(json.dumps, (good, bad, personal))))

    (taken,) = logged_facts(functions, "event taken in")
    refused = logged_facts(functions, "event refused")
    assert taken["event_id"] == good["detail"]["event_id"]
    assert [(each["event_id"], each["name"]) for each in refused] == [
        ("evt-bad", "customer.signed_up"),
        (None, "customer.signed_up"),
    ]
    assert [reason.partition(":")[0] for _, reason in functions.refused()] == ["occurred_at", "event_id"]
    assert "ana@" not in "".join(reason for _, reason in functions.refused())
    assert not any("ana@" in line.text for line in functions.cloud.logs)


def test_a_name_that_no_campaign_asks_for_is_counted_and_logged_with_the_nearest(
    functions: Functions,
) -> None:
    event = sample("eventbridge-customer-signed-up")
    event["detail-type"] = "customer.sign_up"

    functions.call("TakeInEventFunction", batch_of(json.dumps(event)))

    assert any('"EventsWithoutCampaign":[1' in line.text.replace(" ", "") for line in functions.cloud.logs)
    said = "no campaign asks for `customer.sign_up`; did you mean `customer.signed_up`?"
    assert logged_facts(functions, said) == [{"name": "customer.sign_up"}]


def test_nothing_personal_is_logged(functions: Functions) -> None:
    bad = sample("eventbridge-customer-signed-up")
    bad["detail"]["customer"] |= {"id": "", "first_name": ["Ana"]}
    take_in(functions, "eventbridge-customer-signed-up")
    functions.call("TakeInEventFunction", batch_of(json.dumps(bad)))
    functions.cloud.settle()

    logged = "\n".join(line.text for line in functions.cloud.logs)

    assert "event refused" in logged
    assert "advanced" in logged
    assert "ana@" not in logged
    assert "Ana" not in logged


def test_advance_says_until_when_to_wait(functions: Functions) -> None:
    take_in(functions, "eventbridge-customer-signed-up")
    functions.cloud.advance(seconds=1)  # her execution sends the first message

    answer = functions.call("AdvanceEnrollmentFunction", ANA)

    assert answer == {"next": "wait", "until": "2026-03-03T09:00:00Z"}
    assert [mail.to for mail in functions.cloud.outbox] == ["ana@example.com"]


def test_advance_says_how_long_to_wait_for_an_event_and_park_leaves_the_token(functions: Functions) -> None:
    take_in(functions, "eventbridge-order-placed")

    answer = functions.call("AdvanceEnrollmentFunction", ORDER)
    assert answer == {"next": "wait_for", "seconds": (5 * 24 + 8) * 3600}
    assert functions.call("ParkEnrollmentFunction", {**ORDER, "token": "a-token"}) is None

    row = functions.cloud.client("dynamodb").get_item(
        TableName=functions.cloud.resource("Table"),
        Key={"PK": {"S": "CUSTOMER#c-bo"}, "SK": {"S": "ENROLLMENT#delay-notification#o-1"}},
    )["Item"]
    assert row["token"] == {"S": "a-token"}


def test_advance_says_when_it_is_over(functions: Functions) -> None:
    take_in(functions, "eventbridge-order-placed")
    shipped = sample("eventbridge-order-placed")
    shipped["detail-type"] = "order.shipped"
    shipped["detail"] |= {"event_id": "evt-2", "occurred_at": "2026-03-02T09:00:00Z"}
    shipped["detail"]["order"] = {"id": "o-1"}
    functions.call("TakeInEventFunction", batch_of(json.dumps(shipped)))

    answer = functions.call("AdvanceEnrollmentFunction", ORDER)

    assert answer == {"next": "over", "status": "left", "reason": "exit_event"}
    assert functions.call("AdvanceEnrollmentFunction", {**ORDER, "run": 2})["reason"] == "restarted"


def test_an_unknown_enrollment_fails_under_its_name(functions: Functions) -> None:
    with pytest.raises(FunctionFailedError, match="UnknownEnrollmentError"):
        functions.call("AdvanceEnrollmentFunction", ANA)


def placed_on(day: str) -> str:
    placed = sample("eventbridge-order-placed")
    placed["detail"] |= {"event_id": f"evt-{day}", "occurred_at": f"{day}T14:00:00Z"}
    return json.dumps(placed)


def test_a_plan_arms_the_wakes_that_come_and_a_wake_sweeps(functions: Functions) -> None:
    assert functions.call("PlanSweepFunction", {"asked": {}}) == {"next": "over", "wakes": 0, "caught": 0}

    # Ninety days before 14:00 of this day: the first message is due then.
    functions.call("TakeInEventFunction", batch_of(placed_on("2025-12-02")))
    assert functions.call("PlanSweepFunction", {"asked": {}}) == {"next": "over", "wakes": 1, "caught": 0}
    assert functions.call("PlanSweepFunction", {"asked": {"campaign": "onboarding"}})["wakes"] == 0

    (wake,) = functions.cloud.executions("WakeStateMachine")
    assert (wake.input["campaign"], wake.input["at"]) == ("win-back", "2026-03-02T14:00:00Z")
    functions.cloud.advance(until="2026-03-02T14:00:30Z")
    assert [mail.tags["message"] for mail in functions.cloud.outbox] == ["we-miss-you"]
    assert wake.states == ["Wait Until Due", "Sweep Shard", "More?", "Swept"]


def test_a_call_of_a_wake_says_what_its_machine_does_next(functions: Functions) -> None:
    wake = {"campaign": "win-back", "shard": 0, "at": "2026-03-02T09:00:00Z"}

    first = functions.call("SweepPageFunction", {"owner": "a wake", "wake": wake})
    second = functions.call("SweepPageFunction", {"owner": "a wake", "wake": first})

    assert first == wake | {"next": "look_again", "looked_again": True, "more": False, "failed": False}
    assert second == first | {"next": "over"}


def test_an_execution_that_an_older_release_started_gets_answers_that_it_understands(
    functions: Functions,
) -> None:
    work = {"sweep": "2026-03-02T08:00:00.123Z", "campaign": "win-back", "shard": 0, "failed": False}

    answer = functions.call("SweepPageFunction", work)

    assert {name: answer[name] for name in [*work, "more"]} == work | {"more": False}
    day = {"started_at": "2026-03-02T08:00:00.123Z", "budget_hours": "23"}
    assert functions.call("PlanSweepFunction", day)["next"] == "over"


def test_a_call_that_leaves_something_behind_says_so_and_the_log_says_what(functions: Functions) -> None:
    functions.call("TakeInEventFunction", batch_of(placed_on("2025-12-01")))
    (armed,) = functions.cloud.executions("WakeStateMachine")
    table, key = functions.cloud.resource("Table"), {"PK": {"S": "CUSTOMER#c-bo"}, "SK": {"S": "PROFILE"}}
    functions.cloud.client("dynamodb").update_item(
        TableName=table,
        Key=key,
        UpdateExpression="SET facts = :nonsense",
        ExpressionAttributeValues={":nonsense": {"S": "no JSON"}},
    )

    answer = functions.call("SweepPageFunction", {"owner": "a wake", "wake": armed.input})

    assert (answer["next"], answer["failed"]) == ("incomplete", True)
    (said,) = [json.loads(line.text) for line in functions.cloud.logs if "could not be moved" in line.text]
    assert (said["facts"]["customer_id"], said["facts"]["campaign"]) == ("c-bo", "win-back")
