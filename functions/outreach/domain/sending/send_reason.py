"""Why a message was released or has ended: our own words. Beside them the service's own code may stand."""

from enum import StrEnum


class SendReason(StrEnum):
    """The recorded reasons that this product gives itself. Every other recorded reason is a code of SES."""

    RATE = "rate"
    """SES refused for the rate."""
    DAILY_QUOTA = "daily_quota"
    """SES refused for the quota of 24 hours."""
    UNREACHABLE = "unreachable"
    """There was no connection to SES."""
    SENDER_NOT_VERIFIED = "sender_not_verified"
    RECIPIENT_NOT_VERIFIED = "recipient_not_verified"
    """Only in the SES sandbox. SES has one code for both, and for everything else it rejects."""
    RENDER_FAILED = "render_failed"
    """The customer's facts do not fit the message."""
    NO_ANSWER = "no_answer"
    """SES gave no answer, and the message was not sent."""
    UNRESOLVED = "in_doubt"
    """It was tried again, or recorded as unknown, without evidence."""
    LEFT = "left"
    """It was not sent, and by then the run had ended otherwise."""


def reason_of(code: str) -> SendReason | str:
    """Our own word for a recorded reason, else SES's code as it is."""
    return SendReason(code) if code in SendReason else code
