"""One e-mail as two small pages: the HTML part as it was sent, and the text part."""

import html

from outreach_tools.demo.emails import NumberedEmail

_TEXT_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{subject}</title>
<meta name="color-scheme" content="light dark">
<style>
body {{ margin: 0; padding: 24px; font: 14px/1.55 ui-monospace, Menlo, Consolas, monospace; }}
pre {{ max-width: 78ch; margin: 0 auto; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }}
</style>
</head><body><pre>{text}</pre></body></html>
"""


def html_name(email: NumberedEmail) -> str:
    return f"{email.number:05d}.html"


def text_name(email: NumberedEmail) -> str:
    return f"{email.number:05d}.text.html"


def email_pages(email: NumberedEmail) -> dict[str, str]:
    """File names and contents. The HTML part is unchanged: the page shows what was sent."""
    text = _TEXT_PAGE.format(subject=html.escape(email.subject), text=html.escape(email.text))
    return {html_name(email): email.html, text_name(email): text}
