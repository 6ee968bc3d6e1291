"""The SES account: sandbox, price plan, quota, and whether it may send."""

from collections.abc import Iterator, Mapping
from typing import Any

from outreach_tools.doctor.finding import Finding, fail, ok, warn
from outreach_tools.doctor.site import Site
from outreach_tools.wiring import for_stack

_UNLIMITED = -1
_NEARLY_USED = 0.8
"""Share of the quota from which little is left."""
_PLANS = {"NONE": "a la carte", "ESSENTIALS": "Essentials", "PRO": "Pro", "ENTERPRISE": "Enterprise"}
"""SES's names of `PricingAttributes`."""


def look_at_account(site: Site) -> Iterator[Finding]:
    """One GetAccount call."""
    account = site.stack.client("sesv2").get_account()
    yield _sandbox(site, account)
    yield _plan(account)
    yield _quota(site, account.get("SendQuota", {}))
    yield _enabled(site, account)


def look_at_sending(site: Site) -> Iterator[Finding]:
    """Outreach's own holds: a pause, the breaker, an outage."""
    sending = for_stack(site.stack).sending_state.sending()
    status, resume = site.outreach("sending status"), site.outreach("sending resume")
    if sending.all_paused:
        yield fail("paused", "all messages are paused", status, resume)
    elif sending.outage is not None:
        yield fail("paused", "SES refused messages, and all are held", status, resume)
    elif sending.marketing_paused:
        yield warn("paused", "marketing is paused", status, resume)
    else:
        yield ok("paused", "nothing is paused")


def _sandbox(site: Site, account: Mapping[str, Any]) -> Finding:
    if account.get("ProductionAccessEnabled"):
        return ok("sandbox", "the account is in production")
    ask = site.aws(
        "sesv2 put-account-details --production-access-enabled --mail-type MARKETING --website-url WEBSITE"
    )
    return warn("sandbox", "the account is in the SES sandbox: only verified addresses get messages", ask)


def _plan(account: Mapping[str, Any]) -> Finding:
    plan = account.get("PricingAttributes", {})
    if "CurrentPlan" not in plan:
        return warn(
            "plan",
            "SES does not say which price plan the account is on: see https://aws.amazon.com/ses/pricing",
        )
    current, following = plan["CurrentPlan"], plan.get("NextPlan")
    change = "" if following in {None, current} else f", next {_PLANS.get(following, following)}"
    return ok("plan", f"{_PLANS.get(current, current)}{change}; prices: https://aws.amazon.com/ses/pricing")


def _quota(site: Site, quota: Mapping[str, float]) -> Finding:
    most, sent, rate = (quota.get(name, 0.0) for name in ("Max24HourSend", "SentLast24Hours", "MaxSendRate"))
    if most == _UNLIMITED:
        return ok("quota", f"no limit in 24 hours, {rate:.10g} a second")
    what = f"{sent:.0f} of {most:.0f} in 24 hours sent, {rate:.10g} a second"
    limits = site.outreach("sending limits")
    if sent >= most:
        return fail("quota", f"{what}: nothing is left", limits)
    if sent >= most * _NEARLY_USED:
        return warn("quota", f"{what}: little is left", limits)
    return ok("quota", what)


def _enabled(site: Site, account: Mapping[str, Any]) -> Finding:
    name = site.stack.outputs["ConfigurationSetName"]
    options = site.stack.client("sesv2").get_configuration_set(ConfigurationSetName=name)
    status = account.get("EnforcementStatus", "HEALTHY")
    if not account.get("SendingEnabled", True):
        show = site.aws("sesv2 get-account")
        return fail(
            "sending", f"AWS has switched sending off for the account ({status}): answer its case", show
        )
    if not options.get("SendingOptions", {}).get("SendingEnabled", True):
        enable = site.aws(
            f"sesv2 put-configuration-set-sending-options --configuration-set-name {name} --sending-enabled"
        )
        return fail("sending", f"sending is switched off for the configuration set {name}", enable)
    if status != "HEALTHY":
        show = site.aws("sesv2 get-account")
        return warn("sending", f"SES says {status}: read the reputation page of its console", show)
    return ok("sending", "SES takes messages of this account")
