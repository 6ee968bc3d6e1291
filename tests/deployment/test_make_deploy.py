"""`make deploy` as an operator and a pipeline run it, against an emulator; the SAM CLI is a stand-in."""

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from outreach_tools.deployment.settings_file import kept_answers

ROOT = Path(__file__).parents[2]
STAND_IN = Path(__file__).with_name("sam_stand_in.py")
NEEDED = ("Makefile", "outreach", "pyproject.toml", "requirements-dev.txt", "samconfig.toml", "template.yaml")
GIVEN = ("FROM=hello@kestrel.shop", "ALARMS=ops@kestrel.shop", "REGION=eu-west-1")
ANSWERS = ("hello@kestrel.shop", "", "", "ops@kestrel.shop", "eu-west-1")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the project that is set up already."""
    for name in NEEDED:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "functions").mkdir()
    shutil.copy(ROOT / "functions/requirements.txt", tmp_path / "functions/requirements.txt")
    for folder in ("tools", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    uv = tmp_path / ".tools/bin/uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(f"#!{sys.executable}\n{STAND_IN.read_text()}")
    uv.chmod(0o755)
    return tmp_path


def own_brand(clone: Path) -> None:
    file = clone / "templates/brand.yaml"
    sample = file.read_text("utf-8")
    file.write_text(
        sample.replace("Juniper & Oak", "Kestrel & Co").replace("juniperandoak.example.com", "kestrel.shop"),
        "utf-8",
    )


def environment(endpoint: str) -> dict[str, str]:
    """Nothing of this machine's own settings for AWS, nor of the make that may run the tests."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MAKE", "OUTREACH"))
    }
    return kept | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "NAME": "a-name-of-this-machine",
    }


def without_terminal(
    clone: Path, endpoint: str, *options: str, templates: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """`templates` is what OUTREACH_TEMPLATES says."""
    own = {} if templates is None else {"OUTREACH_TEMPLATES": str(templates)}
    return subprocess.run(
        ["make", "--no-print-directory", "deploy", *options],
        cwd=clone,
        env=environment(endpoint) | own,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def on_a_terminal(clone: Path, endpoint: str, lines: tuple[str, ...]) -> tuple[int, str]:
    """Exit code and everything shown."""
    person, terminal = pty.openpty()
    with subprocess.Popen(
        ["make", "--no-print-directory", "deploy"],
        cwd=clone,
        env=environment(endpoint),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    ) as process:
        os.close(terminal)
        os.write(person, "".join(f"{line}\n" for line in lines).encode())
        shown = b""
        while True:
            try:
                part = os.read(person, 65536)
            except OSError:  # EIO: the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(person)
    return process.returncode, shown.decode()


def sam_calls(clone: Path) -> list[list[str]]:
    file = clone / "sam-calls.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_fresh_clone_without_a_terminal_exits_2_and_names_all_that_is_missing(
    clone: Path, endpoint: str
) -> None:
    ended = without_terminal(clone, endpoint)

    assert ended.returncode == 2
    for words in (
        "templates/brand.yaml: name is the sample's",
        "FROM is missing",
        "ALARMS is missing",
        "REGION is missing",
        "make deploy FROM=... ALARMS=... REGION=...",
        "tools/deploy.py outreach --from ... --alarms ... --region ...",
    ):
        assert words in ended.stderr
    assert "NAME" not in ended.stderr
    assert sam_calls(clone) == []


def test_the_first_deployment_asks_on_a_terminal_and_the_second_asks_nothing(
    clone: Path, endpoint: str
) -> None:
    own_brand(clone)

    code, shown = on_a_terminal(clone, endpoint, ANSWERS)

    assert code == 0, shown
    assert "Name that messages come from [Kestrel & Co]:" in shown
    assert "backups" in shown  # the doctor ran
    assert "./outreach emit customer.signed_up examples/signed-up.json" in shown
    deploy = sam_calls(clone)[-1]
    assert deploy == [
        "deploy", "--config-env", "outreach", "--stack-name", "outreach", "--region", "eu-west-1",
    ]  # fmt: skip
    kept = kept_answers((clone / "samconfig.toml").read_text("utf-8"), "outreach")
    assert (kept["FromAddress"], kept["FromName"]) == ("hello@kestrel.shop", "Kestrel & Co")

    again = without_terminal(clone, endpoint, "ALARMS=night@kestrel.shop")

    assert again.returncode == 0, again.stderr
    assert "night@kestrel.shop" in (clone / "samconfig.toml").read_text("utf-8")
    assert [call[0] for call in sam_calls(clone)] == ["validate", "build", "deploy"] * 2


def test_a_shop_deploys_campaigns_from_a_folder_of_its_own(
    clone: Path, endpoint: str, tmp_path: Path
) -> None:
    own = tmp_path / "kestrel campaigns"
    own_brand(clone)
    (clone / "templates").rename(own)
    shutil.copytree(ROOT / "templates", clone / "templates")  # upstream's, as an upgrade leaves them

    ended = without_terminal(clone, endpoint, *GIVEN, templates=own)

    assert ended.returncode == 0, ended.stderr
    assert "kept delay-notification, onboarding" in ended.stdout
    assert [call[-2:] for call in sam_calls(clone)][1] == [
        "--template-file",
        str(clone / "template.own.yaml"),
    ]
    ours = (clone / "template.yaml").read_text("utf-8")
    deployed = (clone / "template.own.yaml").read_text("utf-8")
    assert deployed == ours.replace("ContentUri: templates/", f'ContentUri: "{own}"')


def test_a_folder_that_holds_no_campaign_is_not_deployed(clone: Path, endpoint: str, tmp_path: Path) -> None:
    ended = without_terminal(clone, endpoint, *GIVEN, "NAME=Kestrel", templates=tmp_path / "nothing")

    assert ended.returncode != 0
    assert f"{tmp_path / 'nothing'}: holds no campaign" in ended.stderr
    assert sam_calls(clone) == []


def test_a_release_that_cannot_read_the_rows_of_the_stack_is_not_deployed_over_it(
    clone: Path, endpoint: str
) -> None:
    own_brand(clone)
    newer = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"Version": {"Value": "9.0.0"}, "TableFormat": {"Value": "99"}},
    }
    cloudformation = boto3.client(
        "cloudformation",
        endpoint_url=endpoint,
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    cloudformation.create_stack(StackName="newer", TemplateBody=json.dumps(newer))

    ended = without_terminal(clone, endpoint, *GIVEN, "STACK=newer")

    assert ended.returncode == 2
    assert "it runs Outreach 9.0.0, whose rows have format 99" in ended.stderr
    assert sam_calls(clone) == []
