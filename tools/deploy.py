"""Deploy what `make build` built, and say what to do next. Run by `make deploy`."""

import subprocess
import sys

from build import ROOT, sam

NEXT_STEPS = """
Deployed. Next:
  1. Verify the sender's domain in SES (Amazon SES > Identities), and ask for production access.
  2. Send a first event:   outreach emit customer.signed_up examples/signed-up.json --stack {stack}
  3. Connect the shop:     docs/events.md says what to put on the bus, and when.
  4. Make it yours:        docs/marketers.md says how to change, preview, test and publish messages.
"""


def main() -> None:
    """Deploy to the stack named as the only argument."""
    stack = sys.argv[1] if len(sys.argv) > 1 else "outreach"
    run("python", "-m", "outreach_tools.sender_check")
    sam("deploy", "--stack-name", stack)
    outreach("templates", "keep", "--stack", stack)
    outreach("templates", "drafts", "--stack", stack)
    print(NEXT_STEPS.format(stack=stack))


def outreach(*arguments: str) -> None:
    """Keep what was deployed for those enrolled under it, and say where what is published differs."""
    run("outreach", *arguments)


def run(program: str, *arguments: str) -> None:
    """Run a program of the environment; a failure ends the deployment."""
    subprocess.run([ROOT / ".venv" / "bin" / program, *arguments], check=True, cwd=ROOT)  # noqa: S603 - fixed


if __name__ == "__main__":
    main()
