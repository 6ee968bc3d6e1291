"""Queues and topics."""

import json
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.deploy.stack import Created, Make, Properties, physical_name
from local_cloud.services import Services


def messaging_makers(services: Services, stack: str) -> dict[str, Make]:
    sqs = services.client("sqs")

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
