"""What SES's reports of a message take beside sending it: CPU against the sink, writes counted."""

from collections.abc import Iterator

from feedbacks import run_feedback
from measurement import Measurement
from other_flows import bare_loop
from reporting import take_in_reports

MAILS = 166
"""So many that their reports, three each, fit one batch."""
ROUNDS = 8


def measure() -> Iterator[Measurement]:
    """Both ways in turn, and the least of each: what else the machine does only adds."""
    rounds = [(bare_loop(MAILS), take_in_reports(MAILS)) for _ in range(ROUNDS)]
    bare = min(loop.cpu_per_mail for loop, _ in rounds)
    reported = min(reports.cpu_per_mail for _, reports in rounds)
    run = run_feedback()
    writes = sum(run.calls[each] for each in ("UpdateItem", "PutItem", "TransactWriteItems"))
    yield Measurement("feedback.cpu_ratio_to_bare_send", reported / bare, "ratio", 2.0)
    yield Measurement("feedback.writes_per_mail", writes / run.mails, "writes", 1.3)
