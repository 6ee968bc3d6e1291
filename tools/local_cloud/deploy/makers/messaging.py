"""Buses, rules, schedules, queues and topics."""

import json
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.deploy.stack import Created, Make, Properties, physical_name
from local_cloud.services import Services


def messaging_makers(services: Services, stack: str) -> dict[str, Make]:
    events, sqs = services.client("events"), services.client("sqs")

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

    def queue(logical_id: str, properties: Properties) -> Created:
        name = properties.pop("QueueName", None) or physical_name(stack, logical_id)
        properties.pop("Tags", None)
        attributes = {key: _attribute(value) for key, value in properties.items()}
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return Created(
            url, {"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", "QueueName": name, "QueueUrl": url}
        )

    def queue_policy(logical_id: str, properties: Properties) -> Created:
        for url in properties["Queues"]:
            policy = json.dumps(properties["PolicyDocument"])
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        return Created(logical_id)

    def topic(logical_id: str, properties: Properties) -> Created:
        name = properties.get("TopicName") or physical_name(stack, logical_id)
        arn = services.client("sns").create_topic(Name=name)["TopicArn"]
        for subscription in properties.get("Subscription", []):
            subscribe(logical_id, {"TopicArn": arn, **subscription})
        return Created(arn, {"TopicArn": arn, "TopicName": name})

    def topic_policy(logical_id: str, properties: Properties) -> Created:
        for arn in properties["Topics"]:
            policy = json.dumps(properties["PolicyDocument"])
            services.client("sns").set_topic_attributes(
                TopicArn=arn, AttributeName="Policy", AttributeValue=policy
            )
        return Created(logical_id)

    def subscribe(_: str, properties: Properties) -> Created:
        attributes = {"RawMessageDelivery": _attribute(properties.get("RawMessageDelivery", False))}
        if "RedrivePolicy" in properties:
            attributes["RedrivePolicy"] = _attribute(properties["RedrivePolicy"])
        arn = services.client("sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties["Endpoint"],
            Attributes=attributes,
        )["SubscriptionArn"]
        return Created(arn, {"Arn": arn})

    return {
        "AWS::Events::EventBus": bus,
        "AWS::Events::EventBusPolicy": bus_policy,
        "AWS::Events::Rule": rule,
        "AWS::Events::Archive": archive,
        "AWS::Scheduler::ScheduleGroup": schedule_group,
        "AWS::Scheduler::Schedule": schedule,
        "AWS::SQS::Queue": queue,
        "AWS::SQS::QueuePolicy": queue_policy,
        "AWS::SNS::Topic": topic,
        "AWS::SNS::Subscription": subscribe,
        "AWS::SNS::TopicPolicy": topic_policy,
    }


def _attribute(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
