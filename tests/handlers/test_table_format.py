"""Functions of a release that does not know the format of the table change nothing, and lose nothing."""

from handlers.functions import Functions
from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.operations.table_format import FORMAT
from outreach_tools.release import this_release

SIGN_UP = {
    "event_id": "evt-1",
    "occurred_at": "2026-03-02T08:59:00Z",
    "customer": {"id": "c-1", "email": "ana@example.com", "consent": {"marketing": True, "source": "form"}},
}


def test_the_first_event_of_a_new_stack_leaves_release_and_format_in_the_table(functions: Functions) -> None:
    functions.cloud.emit("customer.signed_up", SIGN_UP)

    row = functions.cloud.client("dynamodb").get_item(
        TableName=functions.cloud.outputs["TableName"], Key=keys.table_format()
    )["Item"]
    assert (row["format"]["N"], row["release"]["S"]) == (str(FORMAT), this_release())


def test_a_table_of_a_newer_format_is_not_touched_and_the_event_is_taken_in_after_the_deployment(
    functions: Functions,
) -> None:
    cloud = functions.cloud
    dynamodb, table = cloud.client("dynamodb"), cloud.outputs["TableName"]
    newer = {**keys.table_format(), "format": {"N": str(FORMAT + 1)}, "release": {"S": "9.0.0"}}
    dynamodb.put_item(TableName=table, Item=newer)

    cloud.emit("customer.signed_up", SIGN_UP)
    cloud.advance(minutes=3)

    assert dynamodb.scan(TableName=table)["Items"] == [newer]
    assert any(f"rows of format {FORMAT + 1}, written by Outreach 9.0.0" in line.text for line in cloud.logs)
    assert cloud.outbox == ()

    known = {**newer, "format": {"N": str(FORMAT)}}
    dynamodb.put_item(TableName=table, Item=known)
    cloud.advance(minutes=30)

    assert [mail.to for mail in cloud.outbox] == ["ana@example.com"]
