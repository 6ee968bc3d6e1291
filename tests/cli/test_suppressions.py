"""`outreach suppressions`: the list of addresses that are never mailed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from local_cloud import LocalCloud

type Outreach = Callable[..., Result]


@pytest.fixture
def suppressions(outreach: Outreach, cloud: LocalCloud) -> Callable[..., Result]:
    def run(*arguments: str, **options: Any) -> Result:
        answer = outreach("suppressions", *arguments, stack=cloud, **options)
        cloud.settle()
        return answer

    return run


def _sign_up(cloud: LocalCloud, customer_id: str) -> None:
    cloud.emit(
        "customer.signed_up",
        {
            "event_id": f"e-{customer_id}",
            "occurred_at": cloud.now.isoformat(),
            "customer": {
                "id": customer_id,
                "email": f"{customer_id}@example.com",
                "consent": {"marketing": True, "at": cloud.now.isoformat()},
            },
        },
    )


def _journey(cloud: LocalCloud, customer_id: str) -> list[str]:
    runs = cloud.executions("JourneyStateMachine")
    return [run.status for run in runs if run.input["customer_id"] == customer_id]


def test_an_added_address_is_listed_without_itself_and_its_customers_leave(
    suppressions: Outreach, cloud: LocalCloud
) -> None:
    _sign_up(cloud, "c-added")
    added = suppressions("add", "C-Added@example.com", "--source", "support")

    assert added.exit_code == 0
    assert _journey(cloud, "c-added") == ["ABORTED"]
    (listed,) = json.loads(suppressions("list", "--json").stdout)
    assert (listed["reason"], listed["source"]) == ("manual", "support")
    assert "c-added" not in suppressions("list").stdout
    assert "manual (support)" in suppressions("check", "c-added@EXAMPLE.com").stdout
    assert "manual" in suppressions("check", listed["address_id"]).stdout

    removed = suppressions("remove", listed["address_id"])
    assert removed.stdout == "not suppressed\n"
    assert json.loads(suppressions("list", "--json").stdout) == []
    cloud.emit(
        "order.placed",
        {
            "event_id": "e-order",
            "occurred_at": cloud.now.isoformat(),
            "customer": {"id": "c-added"},
            "order": {"id": "o-1", "promised_at": cloud.now.isoformat()},
        },
    )
    cloud.advance(days=1)
    assert [mail.headers["X-Outreach-Message"] for mail in cloud.outbox][-1] == "overdue"


def test_what_was_exported_can_be_imported(suppressions: Outreach, tmp_path: Path) -> None:
    file = tmp_path / "bounces.csv"
    file.write_text(
        "address,reason,at\n"
        "one@example.com,hard_bounce,2024-05-01\n"
        "two@example.com,complaint,2025-01-01T10:00:00+01:00\n"
        "three@example.com,,\n"
    )
    assert suppressions("import", str(file)).stdout == "3 suppressions imported\n"
    exported = tmp_path / "exported.csv"
    suppressions("export", str(exported))
    for address in ("one", "two", "three"):
        suppressions("remove", f"{address}@example.com")
    lines = exported.read_text().splitlines()

    assert lines[0] == "address_id,reason,at,source"
    assert sorted(line.split(",", 1)[1] for line in lines[1:])[:2] == [
        "complaint,2025-01-01T09:00:00+00:00,import",
        "hard_bounce,2024-05-01T00:00:00+00:00,import",
    ]
    assert "example.com" not in exported.read_text()


def test_what_a_person_let_go_stays_free_of_what_was_before(
    suppressions: Outreach, cloud: LocalCloud, tmp_path: Path
) -> None:
    file = tmp_path / "old.csv"
    file.write_text("address,reason,at\nfreed@example.com,hard_bounce,2024-05-01\n")
    suppressions("import", str(file))
    suppressions("remove", "freed@example.com")
    suppressions("import", str(file))

    assert suppressions("check", "freed@example.com").stdout == "not suppressed\n"
    cloud.advance(seconds=1)
    assert "manual" in suppressions("add", "freed@example.com").stdout
    suppressions("remove", "freed@example.com")


def test_of_an_invalid_file_every_problem_is_reported_and_nothing_is_stored(
    suppressions: Outreach, tmp_path: Path
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("address,reason,at\nnobody,manual,\nfour@example.com,angry,\nfive@example.com,,soon\n")
    answer = suppressions("import", str(file))

    assert answer.exit_code == 1
    assert [line.removeprefix(str(file)).split(" ")[0] for line in answer.stderr.splitlines()] == [
        ":2:",
        ":3:",
        ":4:",
    ]
    assert "nobody" not in answer.stderr
    assert suppressions("check", "four@example.com").stdout == "not suppressed\n"


def test_a_file_without_the_column_is_refused(suppressions: Outreach) -> None:
    answer = suppressions("import", "-", stdin="email\nana@example.com\n")

    assert answer.exit_code == 1
    assert "no column `address`" in answer.stderr


def test_what_is_no_address_is_refused(suppressions: Outreach) -> None:
    answer = suppressions("add", "not-an-address")

    assert (answer.exit_code, answer.stderr.startswith("ADDRESS: must be")) == (1, True)
