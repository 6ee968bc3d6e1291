"""What one message of a sweep takes of the sender, beside other ways to send, in the same run."""

import os
from collections.abc import Iterator

from measurement import Measurement
from other_flows import bare_loop, sample_flow
from sweeping import sweep

MAILS = int(os.environ.get("OUTREACH_BENCH_MAILS", "490"))
ROUNDS = 7


def measure() -> Iterator[Measurement]:
    """The least that each took in short rounds of all three: other work on the machine only ever adds."""
    rounds = [(bare_loop(MAILS), sweep(MAILS), sample_flow(MAILS // 3)) for _ in range(ROUNDS)]
    bare, swept, sample = (min(run.cpu_per_mail for run in runs) for runs in zip(*rounds, strict=True))
    requests = rounds[0][1].counted["requests"] / MAILS
    yield Measurement("send.cpu_ratio_to_bare_send", swept / bare, "ratio", 0.8)
    yield Measurement("send.cpu_gain_over_sample_flow", sample / swept, "ratio", 5.0, at_most=False)
    yield Measurement("send.requests_per_mail", requests, "requests", 0.15)
