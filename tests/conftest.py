"""For every test: a region, credentials that open nothing, botocore's models as functions see them, and time.

Hypothesis may take its time on a busy machine: no test is about speed.
"""

import os
from pathlib import Path

from hypothesis import settings

AWS_MODELS = Path(__file__).parents[1] / "functions" / "outreach" / "adapters" / "aws_models"

os.environ.update(
    AWS_DATA_PATH=str(AWS_MODELS),
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    POWERTOOLS_TRACE_DISABLED="1",
)
os.environ.pop("AWS_PROFILE", None)

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
