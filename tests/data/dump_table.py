"""Write what the table holds after the demo's first month: run it in a checkout of the release.

    .venv/bin/python PATH/TO/dump_table.py FILE

It uses only what 0.1.0 has.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from outreach_tools.demo.orders_file import purchases_by_customer
from outreach_tools.demo.plan import BEGINS, plan
from outreach_tools.local import LocalCloud

CUSTOMERS, SEED = 60, 1
MONTH = timedelta(days=31)
PARAMETERS = {"ReconcilerSchedule": "rate(7 days)"}


def main() -> None:
    """One item a line, ordered by key."""
    with LocalCloud(BEGINS, SEED, project=Path.cwd(), parameters=PARAMETERS) as cloud:
        for event in plan(purchases_by_customer(), CUSTOMERS, SEED):
            if event.at >= BEGINS + MONTH:
                break
            cloud.advance(until=event.at)
            cloud.emit(event.name, dict(event.detail), source="shop")
        cloud.advance(until=BEGINS + MONTH)
        pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=cloud.outputs["TableName"])
        items = [item for page in pages for item in page["Items"]]
    items.sort(key=lambda item: (item["PK"]["S"], item["SK"]["S"]))
    Path(sys.argv[1]).write_text("".join(f"{json.dumps(item, sort_keys=True)}\n" for item in items), "utf-8")


if __name__ == "__main__":
    main()
