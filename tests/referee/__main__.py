"""`make referee`: the built stack on an emulator and under a mail parser that this project did not write."""

import sys
import textwrap
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from referee.checks import CHECKS
from referee.deployment import Deployed, DeploymentFailedError, deploy
from referee.emulators import running
from referee.shop import Shop
from referee.tools import ROOT, NotRunError, fetch

FAILED = 1
NOT_RUN = 77
"""As GNU Automake has it for a test that was skipped."""
_WIDEST = 80
OUT = ROOT / "out" / "referee"


def main() -> int:
    """The exit code: 0, FAILED or NOT_RUN."""
    OUT.mkdir(parents=True, exist_ok=True)
    try:
        tools = fetch()
        with running(tools, OUT) as emulators:
            _say(f"deploying to ministack at {emulators.aws_url}")
            deployed = deploy(emulators, OUT)
            return _referee(Shop(emulators, deployed), deployed)
    except NotRunError as reason:
        _say(f"not run: {reason}")
        return NOT_RUN
    except DeploymentFailedError as reason:
        _say(f"failed: the stack cannot be deployed\n{reason}\nsee {_log()}")
        return FAILED


def _referee(shop: Shop, deployed: Deployed) -> int:
    _say(f"deployed {deployed.resources} resources; what differs from template.yaml:")
    for line in deployed.differences:
        _say(f"  {line}")
    failed = 0
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        try:
            seen, status = check(shop), "ok"
        except (AssertionError, ClientError, BotoCoreError, KeyError, ValueError, OSError) as error:
            seen, status = f"{type(error).__name__}: {error}", "FAIL"
            failed += 1
        shown = seen if status == "FAIL" else textwrap.shorten(seen, _WIDEST, placeholder=" ...")
        _say(f"{status:<5} {name:<58} {shown}")
    _say(f"{len(CHECKS) - failed} of {len(CHECKS)} checks hold" + (f"; see {_log()}" if failed else ""))
    return FAILED if failed else 0


def _log() -> Path:
    return OUT / "ministack.log"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
