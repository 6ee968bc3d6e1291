"""Writes the output folder of the demo: the raw e-mails, the pages, the figures."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from outreach_tools.demo.emails import NumberedEmail
from outreach_tools.demo.gallery import email_pages, index_page
from outreach_tools.demo.plan import PlannedEvent
from outreach_tools.demo.summary import Summary

OUTBOX, PAGES, INDEX, SUMMARY = "outbox", "emails", "index.html", "summary.json"


def write_out(
    out: Path, emails: Sequence[NumberedEmail], events: Sequence[PlannedEvent], summary: Summary
) -> None:
    """Replace what an earlier run left here; anything else in the folder stays."""
    for folder in (out / OUTBOX, out / PAGES):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for email in emails:
        (out / OUTBOX / f"{email.file_name}.eml").write_bytes(email.raw)
        for name, page in email_pages(email).items():
            (out / PAGES / name).write_text(page, encoding="utf-8")
    (out / INDEX).write_text(index_page(emails, events, summary, PAGES), encoding="utf-8")
    document = json.dumps(summary.document(), indent=2, ensure_ascii=False)
    (out / SUMMARY).write_text(document + "\n", encoding="utf-8")
