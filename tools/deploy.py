"""Ask for what a first deployment needs, build, deploy, and print what to do next. Run by `make deploy`."""

import os
import subprocess
import sys

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError

import build
from outreach_tools.deployment.answers import UnansweredError
from outreach_tools.deployment.questions import REGION
from outreach_tools.deployment.run import read_options, refuse, region_in_environment, settle
from outreach_tools.places import PROJECT

INTERRUPTED = 130
NEXT_STEPS = """
Deployed. Next:
  1. Do what `outreach doctor` says above; it says so again at any time:   ./outreach doctor --stack {stack}
  2. Send a first event:   ./outreach emit customer.signed_up examples/signed-up.json --stack {stack}
  3. Connect the shop:     docs/events.md says what to put on the bus, and when.
  4. Make it yours:        docs/marketers.md says how to change, preview, test and publish messages.
"""


def main() -> int:
    """Deploy to the stack named first; exit 2 when something that it needs is missing."""
    options = read_options(sys.argv[1:], parameters())
    try:
        answers = settle(
            build.ROOT,
            options,
            ask=input if sys.stdin.isatty() else None,
            say=print,
            client=lambda service, region: boto3.client(service, region_name=region),
            region=boto3.Session().region_name or os.environ.get("AWS_REGION", ""),
        )
    except UnansweredError as unanswered:
        return refuse(options.stack, unanswered.lines)
    except (EOFError, KeyboardInterrupt):
        print("\nnothing was deployed")
        return INTERRUPTED
    except (ClientError, BotoCoreError) as error:
        sys.exit(
            f"AWS could not be asked about the stack and the sender's identity; nothing was deployed: {error}"
        )
    build.main()
    region = answers[REGION]
    build.sam("deploy", "--config-env", options.stack, "--stack-name", options.stack, "--region", region)
    for command in ("templates keep", "templates drafts"):
        outreach(region, *command.split(), "--stack", options.stack)
    outreach(region, "doctor", "--stack", options.stack, is_required=False)
    print(NEXT_STEPS.format(stack=options.stack))
    return 0


def parameters() -> list[str]:
    """The names that template.yaml declares."""
    node = yaml.compose((build.ROOT / "template.yaml").read_text("utf-8"), yaml.CSafeLoader)
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    declared = next(value for key, value in pairs if key.value == "Parameters")
    return [key.value for key, _ in declared.value]


def outreach(region: str, *arguments: str, is_required: bool = True) -> None:
    """Run a command on what was deployed; if it is required, a failure ends the deployment."""
    command = [build.ROOT / ".venv" / "bin" / "outreach", *arguments]
    environment = region_in_environment(region) | {PROJECT: str(build.ROOT)}
    subprocess.run(command, check=is_required, cwd=build.ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main())
