"""One function per resource type, by area."""

from collections.abc import Mapping

from local_cloud.deploy.makers.access import access_makers
from local_cloud.deploy.makers.compute import compute_makers
from local_cloud.deploy.makers.email import email_makers
from local_cloud.deploy.makers.events import events_makers
from local_cloud.deploy.makers.inert import inert_makers
from local_cloud.deploy.makers.messaging import messaging_makers
from local_cloud.deploy.makers.monitoring import monitoring_makers
from local_cloud.deploy.makers.storage import storage_makers
from local_cloud.deploy.makers.web import web_makers
from local_cloud.deploy.stack import Make
from local_cloud.randomness import Randomness
from local_cloud.services import Services


def all_makers(services: Services, randomness: Randomness, stack: str) -> Mapping[str, Make]:
    """Every resource type that the local cloud can make."""
    return {
        **inert_makers(stack),
        **access_makers(services, stack),
        **compute_makers(services, stack),
        **email_makers(services, stack),
        **events_makers(services, stack),
        **messaging_makers(services, stack),
        **monitoring_makers(services, stack),
        **storage_makers(services, stack),
        **web_makers(services, randomness),
    }
