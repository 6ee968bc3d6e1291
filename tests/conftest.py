"""For every test: a region, credentials that open nothing, and time.

Hypothesis may take its time on a busy machine: no test is about speed.
"""

import os

from hypothesis import settings

from clock_speed import run_clocks_at_the_speed_asked_for

run_clocks_at_the_speed_asked_for()

os.environ.update(
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    POWERTOOLS_TRACE_DISABLED="1",
)
os.environ.pop("AWS_PROFILE", None)

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
