"""What one message takes of the sender, in a page and alone, beside other ways to send, in the same run."""

import os
from collections.abc import Iterator
from statistics import median

from measurement import Measurement
from other_flows import bare_loop, sample_flow
from sweeping import advance_one_by_one, sweep

MAILS = int(os.environ.get("OUTREACH_BENCH_MAILS", "980"))
SHORT = 196
"""Mails in one round, a fifth of a second: a machine is busy for seconds, and so for each way alike."""
ROUNDS = 15


def measure() -> Iterator[Measurement]:
    """Short rounds of each way, one after the other; medians count."""
    rounds = [
        (bare_loop(SHORT), sweep(SHORT), sample_flow(SHORT // 4), advance_one_by_one(SHORT // 4))
        for _ in range(ROUNDS)
    ]
    to_bare = median(swept.cpu_per_mail / bare.cpu_per_mail for bare, swept, _, _ in rounds)
    over_sample = median(sample.cpu_per_mail / swept.cpu_per_mail for _, swept, sample, _ in rounds)
    single = median(alone.cpu_per_mail / bare.cpu_per_mail for bare, _, _, alone in rounds)
    alone = rounds[0][3]
    yield Measurement("send.cpu_ratio_to_bare_send", to_bare, "ratio", 0.8)
    yield Measurement("send.cpu_gain_over_sample_flow", over_sample, "ratio", 5.0, at_most=False)
    yield Measurement("send.single_cpu_ratio_to_bare_send", single, "ratio", 6)
    yield Measurement("send.single_requests_per_mail", alone.counted["requests"] / alone.mails, "requests", 5)
    yield Measurement("send.requests_per_mail", sweep(MAILS).counted["requests"] / MAILS, "requests", 0.15)
