"""What the stack needs of the account beside SES: alarms that reach a person, concurrency, backups, keys."""

from collections.abc import Iterator

from outreach.adapters.dynamodb import keys
from outreach_tools.doctor.finding import Finding, fail, ok, warn
from outreach_tools.doctor.site import Site

_PENDING = "PendingConfirmation"
"""What SNS returns instead of the ARN of a subscription that its receiver has not confirmed."""
_ENOUGH_RUNS = 100
"""Two queues take 25 runs at once each, and the pages and workflows need some beside them."""
_CONCURRENCY_QUOTA = "L-B99A9384"
"""Lambda's concurrent executions, in Service Quotas."""
_ENCRYPTED = "SecureString"
_KEYS = ("links", "addresses", "keys")
"""The secrets that functions make when they first need them."""


def look_at_alarms(site: Site) -> Iterator[Finding]:
    """Whether a person receives them."""
    topic = site.stack.outputs.get("AlarmTopicArn")
    if topic is None:
        yield warn(
            "alarms",
            "the stack is of an older release: deploy it to have its alarms looked at",
            "make deploy",
        )
        return
    pages = site.stack.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    confirmed = [each for each in pages if each["SubscriptionArn"] != _PENDING]
    if confirmed:
        yield ok("alarms", f"{len(confirmed)} confirmed subscriber{'s' if len(confirmed) > 1 else ''}")
    elif pages:
        what = "the subscription is not confirmed: press the link in the mail that SNS sent"
        subscribe = site.aws(
            f"sns subscribe --topic-arn {topic} --protocol email --notification-endpoint ADDRESS"
        )
        yield fail("alarms", f"{what}; or subscribe again", subscribe)
    else:
        yield fail("alarms", "alarms reach no person", "make deploy ALARMS=ADDRESS")


def look_at_concurrency(site: Site) -> Iterator[Finding]:
    """How many functions the account may run at once: a new one perhaps 10."""
    limit = site.stack.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    what = f"the account may run {limit} functions at once"
    if limit >= _ENOUGH_RUNS:
        yield ok("concurrency", what)
        return
    ask = site.aws(
        "service-quotas request-service-quota-increase --service-code lambda "
        f"--quota-code {_CONCURRENCY_QUOTA} --desired-value 1000"
    )
    yield warn("concurrency", f"{what}: an import would keep the unsubscribe page from being shown", ask)


def look_at_backups(site: Site) -> Iterator[Finding]:
    """Whether the table can be restored to any second of the last 35 days."""
    table = site.stack.outputs["TableName"]
    found = site.stack.client("dynamodb").describe_continuous_backups(TableName=table)
    recovery = found["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") == "ENABLED":
        yield ok("backups", "the table can be restored to any second of the last 35 days")
        return
    enable = site.aws(
        f"dynamodb update-continuous-backups --table-name {table} "
        "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
    )
    yield fail("backups", "point-in-time recovery of the table is off", enable)


def look_at_keys(site: Site) -> Iterator[Finding]:
    """Whether the keys of hashes and links are encrypted in SSM; their values are not read."""
    path = site.stack.outputs["SecretsPath"].rstrip("/")
    names = [f"{path}/{name}" for name in _KEYS]
    found = site.stack.client("ssm").describe_parameters(ParameterFilters=[{"Key": "Name", "Values": names}])
    types = {each["Name"].removeprefix(f"{path}/"): each["Type"] for each in found["Parameters"]}
    in_table = [name for name in _KEYS if name not in types and _is_in_table(site, name)]
    plain = [name for name, kind in types.items() if kind != _ENCRYPTED]
    later = [name for name in _KEYS if name not in types and name not in in_table]
    what = f"in {path}: {', '.join(types) or 'none yet'}"
    if later:
        what += f"; made when first needed: {', '.join(later)}"
    if plain:
        yield fail(
            "keys",
            f"not encrypted: {', '.join(plain)}",
            site.aws(f"ssm get-parameters-by-path --path {path}"),
        )
    elif in_table:
        yield warn("keys", f"{what}; still in the table, moved when next needed: {', '.join(in_table)}")
    else:
        yield ok("keys", what)


def _is_in_table(site: Site, name: str) -> bool:
    """Where releases before SSM stored it."""
    answer = site.stack.client("dynamodb").get_item(
        TableName=site.stack.outputs["TableName"],
        Key=keys.secret(name),
        ProjectionExpression=keys.PARTITION,
    )
    return "Item" in answer
