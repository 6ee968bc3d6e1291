"""The outcome of a message: almost everything is delivered; SES's mailbox simulator addresses are not.

success@, bounce@, complaint@, ooto@ and suppressionlist@simulator.amazonses.com, each also with a +label.
"""

from local_cloud.ses.feedback import Kind

_DOMAIN = "simulator.amazonses.com"


def is_simulator(address: str) -> bool:
    """Simulator messages count neither in the rate nor in the quota, and never reach the suppression list."""
    return address.lower().endswith(f"@{_DOMAIN}")


def fate_of(address: str) -> tuple[Kind, ...]:
    """The events that follow Email Sent, in order."""
    local, _, domain = address.lower().rpartition("@")
    if domain != _DOMAIN:
        return (Kind.DELIVERED,)
    match local.partition("+")[0]:
        case "bounce" | "suppressionlist":
            return (Kind.BOUNCED,)
        case "complaint":
            return (Kind.DELIVERED, Kind.COMPLAINED)
        case _:
            return (Kind.DELIVERED,)
