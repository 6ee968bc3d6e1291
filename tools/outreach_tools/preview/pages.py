"""The preview's pages, made from a catalogue. They work without script; with it, they also follow changes."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from outreach.domain.sending.rendering import TemplateError
from outreach_tools.campaigns.words import rules
from outreach_tools.preview.catalogue import CampaignCard, Catalogue, Finding, card_of
from outreach_tools.preview.choice import Choice, View
from outreach_tools.preview.inbox_line import GMAIL_CLIPS_AT, SUBJECT_ON_A_PHONE, inbox_line
from outreach_tools.preview.timeline import SPINE, send_times, timeline


def overview(catalogue: Catalogue) -> str:
    """All campaigns."""
    return _page("overview.html.j2", catalogue, title="All campaigns")


def campaign_page(catalogue: Catalogue, name: str, choice: Choice) -> str:
    """One campaign: its rules, and its steps drawn through time. Raises NotHereError."""
    card = card_of(catalogue, name)
    drawn = None if card.campaign is None else timeline(card.campaign)
    return _page(
        "campaign.html.j2",
        catalogue,
        title=card.title,
        card=card,
        choice=choice,
        drawn=drawn,
        spine=SPINE,
        rules=[] if card.campaign is None else rules(card.campaign),
        subjects=_subjects(catalogue, card, choice),
    )


def message_page(catalogue: Catalogue, campaign: str, message: str, choice: Choice) -> str:
    """One message for one person, in one view. Raises NotHereError."""
    card = card_of(catalogue, campaign)
    message_card = card.message(message)
    person = choice.person if choice.person in card.people else catalogue.reader(campaign, message)
    line = email = problem = None
    try:
        email = catalogue.email(campaign, message, person, choice.language or None)
        line = inbox_line(email)
        sender = catalogue.sender(campaign)
    except TemplateError as error:
        problem, sender = error, campaign
    return _page(
        "message.html.j2",
        catalogue,
        title=message,
        card=card,
        message=message_card,
        choice=choice,
        person=person,
        views=list(View),
        email=email,
        line=line,
        problem=problem,
        sender=sender,
        clips_at=GMAIL_CLIPS_AT,
        phone_subject=SUBJECT_ON_A_PHONE,
        send_times=[] if card.campaign is None else send_times(card.campaign, message),
    )


def checks(catalogue: Catalogue, campaign: str, message: str) -> str:
    """A part of a page: the findings in one message or in the whole campaign. Raises NotHereError."""
    card_of(catalogue, campaign)
    found = catalogue.findings(campaign)
    own = [finding for finding in found if not message or _is_of(finding, campaign, message)]
    known = {"found": found, "own": own, "message": message, "campaign": campaign}
    return _environment().get_template("checks.html.j2").render(known)


def not_found(catalogue: Catalogue, what: str) -> str:
    """A page that says so, with a link back."""
    return _page("not_found.html.j2", catalogue, title="Not found", what=what)


def _subjects(catalogue: Catalogue, card: CampaignCard, choice: Choice) -> dict[str, str]:
    """Each message's subject, for the chosen person or in the brand's own language.

    Those that cannot be rendered are left out.
    """
    chosen = choice.person if choice.person in card.people else ""
    subjects = {}
    for each in card.messages if card.people else ():
        person = chosen or catalogue.reader(card.name, each.name)
        language = choice.language or (None if chosen else each.languages[0])
        try:
            subjects[each.name] = catalogue.email(card.name, each.name, person, language).subject
        except TemplateError:
            continue
    return subjects


def _is_of(finding: Finding, campaign: str, message: str) -> bool:
    return bool(message) and finding.where.startswith(f"{campaign}/{message}.")


def _page(template: str, catalogue: Catalogue, **known: object) -> str:
    cards = catalogue.campaigns()
    return (
        _environment()
        .get_template(template)
        .render(cards=cards, **{"card": None, "message": None, "state": catalogue.state, **known})
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(
            lambda name: (files(__package__) / "assets" / name).read_text(encoding="utf-8")
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
