"""The named errors of the domain.

OutreachError
├── InvalidEvent          an event from outside that breaks the envelope's rules
│   └── ReusedEventIdError  another event of this customer was taken in under its id
├── InvalidFeedback       something that is no feedback of SES, or breaks its form
├── InvalidCampaign       a campaign file that breaks the language's rules
├── ExpressionFailed      an expression of a campaign that a customer's facts do not fit
├── InvalidToken          a signed link's token that this stack did not make
├── UnknownCampaign       a campaign (or a version of it) that nobody has
├── UnknownCustomer       a customer that no event has named
├── UnknownEnrollment     an enrollment that is not in the table
├── UnknownSend           feedback about a send that the ledger does not have
├── Conflict              somebody else changed the same thing first: read again and decide again
├── SendRefused           the e-mail service did not take a message
│   ├── SendThrottled     too fast or over quota: the same message may be tried again later
│   ├── SendFaltered      it could not handle this message just now: a few more tries are worth it
│   ├── SendingPaused     the account may not send at all for now
│   └── SendImpossible    this message will never be taken: trying again is pointless
└── SendUnclear           nobody can say whether the e-mail service took a message
"""

from dataclasses import dataclass


class OutreachError(Exception):
    """Root of everything this product raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with something from outside, in words for whoever wrote it."""

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
    """Another event of the same customer was taken in under this id: this one is no repeat of it."""


class InvalidFeedbackError(ProblemsError):
    """The feedback cannot be taken in; nothing of it was stored."""


class InvalidCampaignError(ProblemsError):
    """The campaign file cannot be used; nothing of it was loaded."""


class ExpressionFailedError(OutreachError):
    """These facts do not fit the expression: a text where it reckons with a number, say.

    It hurts only what the expression was asked for. Its words never hold a fact's value.
    """


class InvalidTokenError(OutreachError):
    """This stack did not make the token of a signed link."""


class UnknownCampaignError(OutreachError):
    """No campaign of that name and version is to be had."""


class UnknownCustomerError(OutreachError):
    """No event has named this customer."""


class UnknownEnrollmentError(OutreachError):
    """The table has no such enrollment."""


class UnknownSendError(OutreachError):
    """The ledger has no such send: another stack's, or one that was forgotten."""


class RestoreUnderWayError(OutreachError):
    """The table is being restored: nothing advances until that is over."""


class ConflictError(OutreachError):
    """The row changed since it was read. Read it again, decide again."""


class SendRefusedError(OutreachError):
    """The e-mail service did not take the message; `reason` is its own code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SendThrottledError(SendRefusedError):
    """Over the rate or the quota: nothing went out, try again later."""


class SendFalteredError(SendRefusedError):
    """The service could not handle this message just now: nothing went out, try again a few times."""


class SendingPausedError(SendRefusedError):
    """The account or configuration set may not send for now: nothing went out."""


class SendImpossibleError(SendRefusedError):
    """This message will never be taken, however often it is tried."""


class SendUnclearError(OutreachError):
    """The answer of the e-mail service was lost, or says nothing: the message may have gone."""
