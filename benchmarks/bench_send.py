"""What one message of a sweep takes of the sender, beside other ways to send, in the same run."""

import os
from collections.abc import Iterator
from statistics import median

from measurement import Measurement
from other_flows import bare_loop, sample_flow
from sweeping import sweep

MAILS = int(os.environ.get("OUTREACH_BENCH_MAILS", "980"))
ROUNDS = 3


def measure() -> Iterator[Measurement]:
    """Rounds of all three, one after the other, so that a busy machine is busy for each; medians count."""
    rounds = [(bare_loop(MAILS), sweep(MAILS), sample_flow(MAILS // 3)) for _ in range(ROUNDS)]
    to_bare = median(swept.cpu_per_mail / bare.cpu_per_mail for bare, swept, _ in rounds)
    over_sample = median(sample.cpu_per_mail / swept.cpu_per_mail for _, swept, sample in rounds)
    requests = rounds[0][1].counted["requests"] / MAILS
    yield Measurement("send.cpu_ratio_to_bare_send", to_bare, "ratio", 0.8)
    yield Measurement("send.cpu_gain_over_sample_flow", over_sample, "ratio", 5.0, at_most=False)
    yield Measurement("send.requests_per_mail", requests, "requests", 0.15)
