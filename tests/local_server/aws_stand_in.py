"""`aws events put-events --entries file://FILE`, for machines without the AWS CLI."""

import json
import sys
from pathlib import Path

import boto3

events, put_events, entries, file = sys.argv[1:]
assert (events, put_events, entries) == ("events", "put-events", "--entries")
answer = boto3.client("events").put_events(Entries=json.loads(Path(file.removeprefix("file://")).read_text()))
assert answer["FailedEntryCount"] == 0
