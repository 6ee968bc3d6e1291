"""What the sweep is measured against: a bare loop of SendEmail, and the flow that samples usually show."""

import os
import time
from typing import Any

import boto3

from outreach.adapters.ses.mailer import ses_client_config
from sweeping import ENVIRONMENT, Run, sink
from words import campaign_message


def bare_loop(mails: int) -> Run:
    """Nothing but boto3's SendEmail, with content that was made before."""
    words = campaign_message("c-0000001")
    with sink(0):
        ses = plain_session().client("sesv2", config=ses_client_config())
        send(ses, words, 0)
        cpu, wall = time.process_time(), time.perf_counter()
        for number in range(mails):
            send(ses, words, number)
        return Run(mails, time.process_time() - cpu, time.perf_counter() - wall, {})


def sample_flow(mails: int) -> Run:
    """Per customer: GetItem, PutItem of a marker, render, SendEmail, UpdateItem."""
    with sink(0):
        session = plain_session()
        ses = session.client("sesv2", config=ses_client_config())
        table = session.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
        one_sample(ses, table, 0)
        cpu, wall = time.process_time(), time.perf_counter()
        for number in range(mails):
            one_sample(ses, table, number)
        return Run(mails, time.process_time() - cpu, time.perf_counter() - wall, {})


def plain_session() -> boto3.Session:
    """boto3 without our additions to its models."""
    os.environ.pop("AWS_DATA_PATH", None)
    return boto3.Session()


def one_sample(ses: Any, table: Any, number: int) -> None:
    key = {"PK": f"CUSTOMER#c-{number:07d}", "SK": "PROFILE"}
    table.get_item(Key=key)
    table.put_item(
        Item={"PK": key["PK"], "SK": "SENT#we-miss-you", "status": "sending"},
        ConditionExpression="attribute_not_exists(PK)",
    )
    answer = send(ses, campaign_message(f"c-{number:07d}"), number)
    table.update_item(
        Key={"PK": key["PK"], "SK": "SENT#we-miss-you"},
        UpdateExpression="SET #s = :s, message_id = :m",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": "sent", ":m": answer["MessageId"]},
    )


def send(ses: Any, words: tuple[str, str, str], number: int) -> Any:
    """One message with the headers and tags that any marketing mail carries."""
    subject, html, text = words
    return ses.send_email(
        FromEmailAddress=ENVIRONMENT["SENDER"],
        Destination={"ToAddresses": ["ana@example.com"]},
        Content={
            "Simple": {
                "Subject": {"Data": subject, "Charset": "UTF-8"},
                "Body": {
                    "Html": {"Data": html, "Charset": "UTF-8"},
                    "Text": {"Data": text, "Charset": "UTF-8"},
                },
                "Headers": [
                    {"Name": "List-Unsubscribe", "Value": "<https://example.com/u/token>"},
                    {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
                ],
            }
        },
        EmailTags=[{"Name": "campaign", "Value": "win-back"}, {"Name": "send", "Value": f"s-{number}"}],
        ConfigurationSetName=ENVIRONMENT["CONFIGURATION_SET"],
    )
