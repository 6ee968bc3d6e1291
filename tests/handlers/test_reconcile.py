"""The reconciler has several tasks. One that fails skips no other, and the function still fails."""

import json
from typing import Any

import pytest

from handlers.functions import FunctionFailedError, Functions

FUNCTION = "ReconcilerFunction"


def put(functions: Functions, partition: str, sort: str, **more: Any) -> None:
    item = {"PK": {"S": partition}, "SK": {"S": sort}, **more}
    functions.cloud.client("dynamodb").put_item(TableName=functions.cloud.resource("Table"), Item=item)


def break_resolving(functions: Functions) -> None:
    """A page that cannot be read."""
    put(functions, "PAGES#0", "2026-03-01T09:00:00.000+00:00#page-1")


def break_restarting(functions: Functions) -> None:
    cloud = functions.cloud
    machine = cloud.resource("JourneyStateMachine")
    cloud.client("stepfunctions").delete_state_machine(stateMachineArn=machine)


def break_looking(functions: Functions) -> None:
    """The log of sweeps cannot be read."""
    put(functions, "HOUSE", "SWEPT", campaigns={"S": "no set"})


def lines(functions: Functions) -> list[dict[str, Any]]:
    return [json.loads(line.text) for line in functions.cloud.logs if line.function == FUNCTION]


def looks(functions: Functions) -> set[str]:
    """Planned by the reconciler itself."""
    group = functions.cloud.resource("Looks")
    found = functions.cloud.client("scheduler").list_schedules(GroupName=group)["Schedules"]
    return {each["Name"] for each in found}


def measured(functions: Functions, name: str) -> list[float]:
    return [number for line in lines(functions) for number in line.get(name, [])]


def test_the_reconciler_reports_every_time_how_much_is_stuck_even_when_nothing_is(
    functions: Functions,
) -> None:
    assert functions.call(FUNCTION, {})["stuck"] == 0

    assert measured(functions, "Stuck") == [0]
    assert looks(functions) == set()


def test_the_reconciler_repairs_nothing_while_the_table_is_restored(functions: Functions) -> None:
    """Its evidence would be of another time than the rows: it would release a message that was sent."""
    facts = '{"to": 1, "begun": 2, "by": "ana", "source": "rows"}'
    put(functions, "HOUSE", "RESTORE", facts={"S": facts})
    break_resolving(functions)
    break_restarting(functions)

    report = functions.call(FUNCTION, {})

    assert not {"pages_settled", "journeys_begun_again", "stuck"} & set(report)


@pytest.mark.parametrize(
    ("broken", "duty", "error", "left"),
    [
        (break_resolving, "settle", "KeyError", {"stuck", "overdue", "journeys_begun_again"}),
        (break_restarting, "restart", "StateMachineDoesNotExist", {"overdue", "pages_settled"}),
        (break_looking, "find_overdue", "KeyError", {"journeys_begun_again", "pages_settled"}),
    ],
    ids=["settling", "restarting", "looking"],
)
def test_a_duty_that_fails_skips_no_other_and_the_function_ends_in_an_error(
    functions: Functions, broken: Any, duty: str, error: str, left: set[str]
) -> None:
    broken(functions)

    with pytest.raises(FunctionFailedError, match="MaintenanceTasksFailedError"):
        functions.call(FUNCTION, {})

    (watched,) = [line["facts"] for line in lines(functions) if line.get("message") == "watched"]
    (failed,) = [line["facts"] for line in lines(functions) if line.get("level") == "WARNING"]
    assert (failed["duty"], failed["error"]) == (duty, error)
    assert left <= set(watched)
    assert bool(measured(functions, "Stuck")) is ("stuck" in left)
    assert looks(functions) == {"again-20260302T10"}


def test_two_looks_within_an_hour_plan_one(functions: Functions) -> None:
    break_looking(functions)
    for _ in range(2):
        with pytest.raises(FunctionFailedError, match="MaintenanceTasksFailedError"):
            functions.call(FUNCTION, {})

    assert looks(functions) == {"again-20260302T10"}


def test_the_error_of_the_reconciler_names_its_tasks_and_repeats_no_text_that_may_be_personal(
    functions: Functions,
) -> None:
    break_resolving(functions)
    break_looking(functions)

    client, name = functions.cloud.client("lambda"), functions.cloud.resource(FUNCTION)
    told = json.loads(client.invoke(FunctionName=name, Payload=b"{}")["Payload"].read())

    assert told["errorMessage"] == "find_overdue: KeyError; settle: KeyError"
