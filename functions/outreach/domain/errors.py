"""The named errors of the domain. A test holds this tree to the classes below.

OutreachError
├── ProblemsError                bad input, with every problem found in it
│   ├── InvalidEventError        an event that breaks the envelope's rules
│   │   └── ReusedEventIdError   another event of the customer was taken in under this id
│   ├── InvalidFeedbackError     a report that is not SES's, or breaks its form
│   └── InvalidCampaignError     a campaign file that breaks the language's rules
├── ExpressionFailedError        an expression that cannot be evaluated with a customer's facts
├── InvalidTokenError            a link's token that this stack did not sign
├── UnknownCampaignError         a campaign, or a version of it, that does not exist
├── UnknownCustomerError         a customer whom no event has named
├── UnknownEnrollmentError       an enrollment that is not in the table
├── UnknownSendError             a report about a send that is not in the table
├── RestoreUnderWayError         the table is being restored; enrollments rest
├── ConflictError                another process changed the same row first: read and decide again
├── SendRefusedError             SES did not take a message
│   ├── SendThrottledError       too fast or over quota: try the same message again later
│   ├── SendFalteredError        SES could not handle this message now: try a few more times
│   ├── SendingPausedError       the account may not send for now
│   └── SendImpossibleError      SES will never take this message: do not try again
└── SendUnclearError             it is unknown whether SES took a message
"""

from dataclasses import dataclass


class OutreachError(Exception):
    """Root of everything this product raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem in input from outside, in words for its author."""

    where: str
    """Path to the place, such as `customer.email` or `campaign.yaml:12:5`."""
    what: str
    """What is wrong and what would be right. Never the value itself: it may be personal."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class ProblemsError(OutreachError):
    """Bad input, with every problem found in it at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class InvalidEventError(ProblemsError):
    """The event cannot be taken in; nothing of it was stored."""


class ReusedEventIdError(InvalidEventError):
    """Another event of the same customer was taken in under this id: this one is not a repeat of it."""


class InvalidFeedbackError(ProblemsError):
    """The feedback cannot be taken in; nothing of it was stored."""


class InvalidCampaignError(ProblemsError):
    """The campaign file cannot be used; nothing of it was loaded."""


class ExpressionFailedError(OutreachError):
    """These facts do not fit the expression, such as a text where it needs a number.

    Only what the expression decides is affected. The error's text never holds a fact's value.
    """


class InvalidTokenError(OutreachError):
    """This stack did not make the token of a signed link."""


class UnknownCampaignError(OutreachError):
    """No campaign of that name and version exists."""


class UnknownCustomerError(OutreachError):
    """No event has named this customer."""


class UnknownEnrollmentError(OutreachError):
    """The table has no such enrollment."""


class UnknownSendError(OutreachError):
    """The ledger has no such send: it is another stack's, or was erased."""


class RestoreUnderWayError(OutreachError):
    """The table is being restored: nothing advances until the restore is over."""


class ConflictError(OutreachError):
    """The row changed since it was read. Read it again and decide again."""


class SendRefusedError(OutreachError):
    """The e-mail service did not take the message; `reason` is a `SendReason` of ours, or its own code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SendThrottledError(SendRefusedError):
    """Over the rate or the quota: nothing was sent, try again later."""


class SendFalteredError(SendRefusedError):
    """The service could not handle this message just now: nothing was sent, try again a few times."""


class SendingPausedError(SendRefusedError):
    """The account or configuration set may not send for now: nothing was sent."""


class SendImpossibleError(SendRefusedError):
    """The service will never take this message."""


class SendUnclearError(OutreachError):
    """The e-mail service's answer was lost, or says nothing: the message may have been sent."""
