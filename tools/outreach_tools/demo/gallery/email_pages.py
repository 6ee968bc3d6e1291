"""One e-mail as two small pages: the HTML part as it was sent, and the text part."""

import html

from outreach_tools.demo.letters import Letter

_TEXT_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{subject}</title>
<meta name="color-scheme" content="light dark">
<style>
body {{ margin: 0; padding: 24px; font: 14px/1.55 ui-monospace, Menlo, Consolas, monospace; }}
pre {{ max-width: 78ch; margin: 0 auto; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }}
</style>
</head><body><pre>{text}</pre></body></html>
"""


def html_name(letter: Letter) -> str:
    return f"{letter.number:05d}.html"


def text_name(letter: Letter) -> str:
    return f"{letter.number:05d}.text.html"


def email_pages(letter: Letter) -> dict[str, str]:
    """File names and contents. The HTML part is not touched: what is shown is what was sent."""
    text = _TEXT_PAGE.format(subject=html.escape(letter.subject), text=html.escape(letter.text))
    return {html_name(letter): letter.html, text_name(letter): text}
