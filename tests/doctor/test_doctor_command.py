"""`outreach doctor` over the whole stack on this machine, and its questions to DNS."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import dns.message
import dns.resolver
import dns.rrset
import pytest
from typer.testing import CliRunner, Result

from local_cloud import LocalCloud, SesAccount
from outreach_tools.cli.app import app
from outreach_tools.doctor.dns_records import txt_records

PROJECT = Path(__file__).parents[2]
type Doctor = Callable[..., Result]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    parameters = {"AlarmAddress": "ops@example.test"}
    account = SesAccount(sandbox=True)
    with LocalCloud(project=PROJECT, parameters=parameters, ses=account) as running:
        yield running


@pytest.fixture
def doctor(cloud: LocalCloud) -> Doctor:
    return lambda *options: CliRunner().invoke(app, ["doctor", *options], obj=cloud, catch_exceptions=False)


def test_a_stack_on_this_machine_lacks_only_what_its_domain_cannot_have(doctor: Doctor) -> None:
    result = doctor("--json")

    status = {each["check"]: each["status"] for each in json.loads(result.stdout)}
    assert {check for check, found in status.items() if found == "fail"} == {"dmarc"}
    assert status["sandbox"] == "warn"
    assert [status[check] for check in ("identity", "dkim", "alarms", "concurrency", "backups")] == ["ok"] * 5
    assert not any("could not be looked at" in each["what"] for each in json.loads(result.stdout))
    assert result.exit_code == 1


def test_a_probe_shows_that_reports_come_in_and_nothing_else_is_changed(
    doctor: Doctor, cloud: LocalCloud
) -> None:
    before = json.loads(doctor("--json").stdout)
    unsent = len(cloud.outbox)
    result = doctor("--probe")

    (probe,) = cloud.outbox[unsent:]
    assert unsent == 0
    assert probe.to.endswith("@simulator.amazonses.com")
    assert [each["status"] for each in before if each["check"] == "feedback EventBridge"] == ["warn"]
    lines = result.stdout.splitlines()
    seen = [line for line in lines if "feedback " in line and not line.startswith("      ")]
    assert len(seen) == 2
    assert all(line.startswith("ok ") for line in seen)


def test_a_pause_is_found(doctor: Doctor, cloud: LocalCloud) -> None:
    CliRunner().invoke(app, ["sending", "pause", "--reason", "a test"], obj=cloud, catch_exceptions=False)

    assert "marketing is paused" in doctor().stdout


@pytest.fixture
def resolver() -> Iterator[dns.resolver.Resolver]:
    """Asks a server on this machine that knows one record."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_answer, args=(server, 2))
        thread.start()
        asking = dns.resolver.Resolver(configure=False)
        asking.nameservers = ["127.0.0.1"]
        asking.port = server.getsockname()[1]
        yield asking
        thread.join()


def _answer(server: socket.socket, questions: int) -> None:
    for _ in range(questions):
        data, client = server.recvfrom(4096)
        query = dns.message.from_wire(data)
        response = dns.message.make_response(query)
        name = query.question[0].name
        if name.to_text() == "_dmarc.kestrel.shop.":
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", '"v=DMARC1; " "p=none"'))
        else:
            response.set_rcode(3)  # NXDOMAIN
        server.sendto(response.to_wire(), client)


def test_text_records_are_read_from_dns_whole(resolver: dns.resolver.Resolver) -> None:
    assert txt_records("_dmarc.kestrel.shop", resolver) == ["v=DMARC1; p=none"]
    assert txt_records("_dmarc.nothing.shop", resolver) == ()


def test_a_reserved_domain_is_not_asked_for() -> None:
    unreachable = dns.resolver.Resolver(configure=False)

    assert txt_records("_dmarc.example.com", unreachable) == ()


def test_no_answer_is_not_the_same_as_no_record() -> None:
    unreachable = dns.resolver.Resolver(configure=False)

    assert txt_records("_dmarc.kestrel.shop", unreachable) is None
