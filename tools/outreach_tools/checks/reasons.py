"""Why each rule of the checker exists, as its findings say it."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "campaign": "a campaign with this in it is not loaded, and enrolls no customer",
    "colour-contrast": "WCAG AA asks for 4.5 to 1 (large text: 3 to 1): many people cannot read this",
    "colour-in-the-dark": "mail programs in dark mode darken the paper and leave this colour as it is",
    "colour": "what is no colour is left out, and the page looks otherwise",
    "sender-name": "SES refuses every message whose From is too long",
    "declared-fact": "customers do not have what is not declared, and kinds that differ are never equal",
    "facts-file": "a facts.yaml with this in it is not loaded, and no campaign can be published",
    "file-name": "no step can send what it cannot name, and no customer reads an unknown language",
    "heading": "a heading without text looks broken, and screen readers announce it",
    "image-alt": "many customers read the text instead of the image, or have it read aloud",
    "link": "mail programs warn of links that are not https://, and some open none",
    "import-gap": "something that customers should read is missing here",
    "foreign-tag": "customers would read it as it stands here",
    "link-host": "a link could lead to a site that is not yours",
    "markup": "mail programs drop in silence what they do not know",
    "missing-message": "a customer at this step gets nothing",
    "optional-fact": "a message that shows what is not known is not sent, and some would get nothing",
    "never-taken": "what no sample shows, a customer is the first to see",
    "outside": "a link could put any file of the computer that publishes into a message",
    "picture-width": "Outlook shows a picture in the width that is written, and the message with it",
    "preheader": "the line after the subject is what people read next, before they open or do not",
    "rendering": "a customer like this one would get nothing",
    "sample": "what no sample shows, a customer is the first to see",
    "size": "Gmail cuts a message off after 102 KB, and the unsubscribe link with it",
    "slow": "a message that is slow to render delays every later one",
    "subject": "phones show about 40 characters of a subject, other programs about 60",
    "translation": "customers of that language get other messages of this campaign in it, and not this one",
    "unreadable": "what cannot be read cannot be sent",
    "unsubscribe": "marketing mail without an unsubscribe link is illegal, and mailbox providers refuse it",
    "unused-message": "no customer will ever get it",
    "words": "a message with this in it is refused when it is sent",
}
_FITTING = {
    "markup": ("has no attribute", "cannot have", "did you mean <", "there is: <"),
    "link": ("begins with http://", "leads nowhere"),
}
"""Of rules that find several things, the words of those that the reason is about."""


def reason(rule: str, what: str) -> str:
    """Why a finding of the rule matters; empty where the rule's reason does not fit what was found."""
    fitting = _FITTING.get(rule)
    return REASONS[rule] if fitting is None or any(words in what for words in fitting) else ""
