"""Buses, rules, archives and schedules."""

import json

from local_cloud.deploy.stack import Created, Make, Properties, physical_name
from local_cloud.services import Services


def events_makers(services: Services, stack: str) -> dict[str, Make]:
    events = services.client("events")

    def bus(_: str, properties: Properties) -> Created:
        arn = events.create_event_bus(Name=properties["Name"])["EventBusArn"]
        return Created(properties["Name"], {"Arn": arn, "Name": properties["Name"]})

    def bus_policy(_: str, properties: Properties) -> Created:
        name, statement = properties["StatementId"], properties["Statement"]
        services.events.permit(properties.get("EventBusName"), name, statement)
        return Created(name)

    def rule(logical_id: str, properties: Properties) -> Created:
        name = properties.pop("Name", None) or physical_name(stack, logical_id)
        targets = properties.pop("Targets", [])
        where = {"EventBusName": properties["EventBusName"]} if "EventBusName" in properties else {}
        if "EventPattern" in properties:
            properties["EventPattern"] = json.dumps(properties["EventPattern"])
        arn = events.put_rule(Name=name, **properties)["RuleArn"]
        if targets:
            events.put_targets(Rule=name, Targets=targets, **where)
        return Created(f"{where['EventBusName']}|{name}" if where else name, {"Arn": arn})

    def archive(logical_id: str, properties: Properties) -> Created:
        name = properties.pop("ArchiveName", None) or physical_name(stack, logical_id)
        properties["EventSourceArn"] = properties.pop("SourceArn")
        if "EventPattern" in properties:
            properties["EventPattern"] = json.dumps(properties["EventPattern"])
        arn = events.create_archive(ArchiveName=name, **properties)["ArchiveArn"]
        return Created(name, {"Arn": arn, "ArchiveName": name})

    def schedule_group(_: str, properties: Properties) -> Created:
        properties.pop("Tags", None)
        arn = services.client("scheduler").create_schedule_group(**properties)["ScheduleGroupArn"]
        return Created(properties["Name"], {"Arn": arn})

    def schedule(logical_id: str, properties: Properties) -> Created:
        name = properties.pop("Name", None) or physical_name(stack, logical_id)
        arn = services.client("scheduler").create_schedule(Name=name, **properties)["ScheduleArn"]
        return Created(name, {"Arn": arn})

    return {
        "AWS::Events::EventBus": bus,
        "AWS::Events::EventBusPolicy": bus_policy,
        "AWS::Events::Rule": rule,
        "AWS::Events::Archive": archive,
        "AWS::Scheduler::ScheduleGroup": schedule_group,
        "AWS::Scheduler::Schedule": schedule,
    }
