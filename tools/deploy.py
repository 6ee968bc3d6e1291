"""Deploy what `make build` built, and say what to do next. Run by `make deploy`."""

import sys

from build import sam

NEXT_STEPS = """
Deployed. Next:
  1. Verify the sender's domain in SES (Amazon SES > Identities), and ask for production access.
  2. Send a first event:   outreach emit customer.signed_up examples/signed-up.json --stack {stack}
  3. Connect the shop:     docs/events.md says what to put on the bus, and when.
  4. Make it yours:        templates/brand.yaml, then the messages beside it; `make deploy` again.
"""


def main() -> None:
    """Deploy to the stack named as the only argument."""
    stack = sys.argv[1] if len(sys.argv) > 1 else "outreach"
    sam("deploy", "--stack-name", stack)
    print(NEXT_STEPS.format(stack=stack))


if __name__ == "__main__":
    main()
