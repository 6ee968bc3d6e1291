"""Alarms of a stack, on the metrics that AWS and the functions would give."""

from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest

from local_cloud import AlarmState, LocalCloud, NotEmulatedError, TemplateError

OK, ALARM, NO_DATA = AlarmState.OK, AlarmState.ALARM, AlarmState.INSUFFICIENT_DATA
HANDLER = """
import json, time

def report(event, context):
    if event.get("fail"):
        raise RuntimeError("as asked")
    print(json.dumps({
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [
            {"Namespace": "Shop", "Dimensions": [["service"]], "Metrics": [{"Name": "Orders"}]}]},
        "service": "till", "Orders": event["orders"]}))

def page(event, context):
    return {"statusCode": int(event["pathParameters"]["status"])}
"""
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Report:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: code/, Handler: a.report, Runtime: python3.13}
  Page:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: code/
      Handler: a.page
      Runtime: python3.13
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: "/p/{status}", Method: GET}}
        Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: "/p/{status}", Method: POST}}
  Api:
    Type: AWS::Serverless::HttpApi
    Properties: {RouteSettings: {"POST /p/{status}": {DetailedMetricsEnabled: true}}}
  Dead: {Type: AWS::SQS::Queue}
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 30
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties: {Definition: {StartAt: End, States: {End: {Type: Fail, Error: Asked}}}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
"""
COMMON = """
EvaluationPeriods: 1
ComparisonOperator: GreaterThanThreshold
Threshold: 0
TreatMissingData: notBreaching
"""
ORDERS = "{Namespace: Shop, MetricName: Orders, Dimensions: [{Name: service, Value: till}]}"

type Deploy = Callable[[str], LocalCloud]


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.py").write_text(HANDLER)

    def deploy(alarm: str) -> LocalCloud:
        own = {line.partition(":")[0] for line in alarm.splitlines()}
        common = [line for line in COMMON.splitlines() if line.partition(":")[0] not in own]
        text = TEMPLATE + indent("\n".join([*common, alarm.strip()]), " " * 6)
        (tmp_path / "template.yaml").write_text(text)
        return LocalCloud(project=tmp_path)

    return deploy


def invoke(cloud: LocalCloud, payload: str) -> None:
    cloud.client("lambda").invoke(FunctionName=cloud.resource("Report"), Payload=payload)


def changes(cloud: LocalCloud) -> list[tuple[str, AlarmState]]:
    return [(f"{change.time:%H:%M}", change.state) for change in cloud.alarms["Alarm"].history]


def watching(namespace: str, name: str, dimensions: str, period: int = 60, statistic: str = "Sum") -> str:
    return (
        f"Namespace: {namespace}\nMetricName: {name}\nDimensions: {dimensions}\n"
        f"Period: {period}\nStatistic: {statistic}"
    )


def test_a_metric_in_a_log_line_raises_an_alarm_until_its_point_has_left_the_evaluation_range(
    deploy: Deploy,
) -> None:
    with deploy(watching("Shop", "Orders", "[{Name: service, Value: till}]", 300)) as cloud:
        cloud.advance(minutes=2)
        assert changes(cloud) == [("09:00", NO_DATA), ("09:01", OK)]
        invoke(cloud, '{"orders": [2, 3]}')
        assert cloud.alarms["Alarm"].state == OK
        cloud.advance(hours=1)
        assert changes(cloud)[2:] == [("09:03", ALARM), ("09:18", OK)]
        assert [f"{at:%H:%M}" for at in cloud.alarms["Alarm"].rang] == ["09:03"]


def test_a_metric_of_other_dimensions_is_another_metric(deploy: Deploy) -> None:
    with deploy(watching("Shop", "Orders", "[{Name: service, Value: other}]")) as cloud:
        invoke(cloud, '{"orders": 5}')
        cloud.advance(minutes=5)
        assert cloud.alarms["Alarm"].state == OK


def test_a_metric_that_a_program_puts_by_itself_counts(deploy: Deploy) -> None:
    own = {"MetricName": "Orders", "Value": 5, "Dimensions": [{"Name": "service", "Value": "till"}]}
    with deploy(watching("Shop", "Orders", "[{Name: service, Value: till}]")) as cloud:
        cloud.client("cloudwatch").put_metric_data(Namespace="Shop", MetricData=[own])
        cloud.advance(minutes=1)
        assert cloud.alarms["Alarm"].state == ALARM


def test_silence_of_a_metric_is_an_alarm_where_missing_data_is_breaching(deploy: Deploy) -> None:
    own = watching("Shop", "Orders", "[{Name: service, Value: till}]")
    with deploy(f"TreatMissingData: breaching\nThreshold: 9\n{own}") as cloud:
        cloud.advance(minutes=1)
        assert cloud.alarms["Alarm"].state == ALARM
        invoke(cloud, '{"orders": 1}')
        cloud.advance(minutes=10)
        assert changes(cloud)[1:] == [("09:01", ALARM), ("09:02", OK), ("09:05", ALARM)]


def test_m_out_of_n_periods_raise_an_alarm(deploy: Deploy) -> None:
    own = watching("Shop", "Orders", "[{Name: service, Value: till}]")
    with deploy(f"EvaluationPeriods: 3\nDatapointsToAlarm: 2\n{own}") as cloud:
        for orders in (1, 0, 1):
            invoke(cloud, f'{{"orders": {orders}}}')
            assert cloud.alarms["Alarm"].state != ALARM
            cloud.advance(minutes=1)
        assert changes(cloud)[-1] == ("09:03", ALARM)


def test_an_alarm_on_metric_math_compares_the_expression(deploy: Deploy) -> None:
    own = f"""
Threshold: 10
Metrics:
  - {{Id: share, Expression: "100 * FILL(errors, 0) / runs"}}
  - Id: errors
    ReturnData: false
    MetricStat:
      Metric:
        Namespace: AWS/Lambda
        MetricName: Errors
        Dimensions: [{{Name: FunctionName, Value: !Ref Report}}]
      Period: 300
      Stat: Sum
  - Id: runs
    ReturnData: false
    MetricStat: {{Metric: {ORDERS}, Period: 300, Stat: SampleCount}}
"""
    with deploy(own) as cloud:
        for _ in range(10):
            invoke(cloud, '{"orders": 1}')
        invoke(cloud, '{"fail": true}')
        cloud.advance(minutes=1)
        assert cloud.alarms["Alarm"].state == OK, "1 in 10 is not more than 10 %"
        invoke(cloud, '{"fail": true}')
        cloud.advance(minutes=1)
        assert cloud.alarms["Alarm"].state == ALARM


def test_executions_that_fail_raise_an_alarm(deploy: Deploy) -> None:
    with deploy(
        watching("AWS/States", "ExecutionsFailed", "[{Name: StateMachineArn, Value: !Ref Machine}]")
    ) as cloud:
        cloud.client("stepfunctions").start_execution(stateMachineArn=cloud.resource("Machine"), input="{}")
        cloud.advance(minutes=2)
        assert ("09:01", ALARM) in changes(cloud)


@pytest.mark.parametrize(
    ("name", "dimensions", "rings"),
    [
        ("5xx", "[{Name: ApiId, Value: !Ref Api}]", {"/p/500": True, "/p/404": False, "/p/200": False}),
        ("4xx", "[{Name: ApiId, Value: !Ref Api}]", {"/p/404": True, "/none": True, "/p/500": False}),
    ],
)
def test_answers_of_the_api_are_counted_by_class(
    deploy: Deploy, name: str, dimensions: str, rings: dict[str, bool]
) -> None:
    for path, rang in rings.items():
        with deploy(watching("AWS/ApiGateway", name, dimensions)) as cloud:
            cloud.http("GET", path)
            cloud.advance(minutes=1)
            assert (cloud.alarms["Alarm"].state == ALARM) is rang, path


@pytest.mark.parametrize(("method", "rang"), [("POST", True), ("GET", False)])
def test_only_a_route_with_detailed_metrics_has_metrics_of_its_own(
    deploy: Deploy, method: str, rang: bool
) -> None:
    dimensions = (
        "[{Name: ApiId, Value: !Ref Api}, {Name: Stage, Value: $default}, "
        f'{{Name: Method, Value: {method}}}, {{Name: Resource, Value: "/p/{{status}}"}}]'
    )
    with deploy(watching("AWS/ApiGateway", "4xx", dimensions)) as cloud:
        cloud.http(method, "/p/404")
        cloud.advance(minutes=1)
        assert (cloud.alarms["Alarm"].state == ALARM) is rang


def test_messages_that_wait_in_a_queue_raise_an_alarm_as_long_as_they_wait(deploy: Deploy) -> None:
    own = watching(
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "[{Name: QueueName, Value: !GetAtt Queue.QueueName}]",
        statistic="Maximum",
    )
    with deploy(own) as cloud:
        sqs, queue = cloud.client("sqs"), cloud.resource("Queue")
        sqs.send_message(QueueUrl=queue, MessageBody="a")
        cloud.advance(minutes=10)
        sqs.purge_queue(QueueUrl=queue)
        cloud.advance(minutes=10)
        assert changes(cloud)[1:] == [("09:01", OK), ("09:02", ALARM), ("09:12", OK)]


def test_a_message_that_is_moved_to_the_dead_letter_queue_is_seen_there_from_then_on(deploy: Deploy) -> None:
    own = watching(
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        "[{Name: QueueName, Value: !GetAtt Dead.QueueName}]",
        statistic="Maximum",
    )
    with deploy(f"{own}\nThreshold: 600") as cloud:
        sqs, queue = cloud.client("sqs"), cloud.resource("Queue")
        sqs.send_message(QueueUrl=queue, MessageBody="a")
        sqs.receive_message(QueueUrl=queue)
        cloud.advance(minutes=30)
        assert cloud.alarms["Alarm"].state == OK, "it is in the first queue until it is received again"
        sqs.receive_message(QueueUrl=queue)
        cloud.advance(minutes=10)
        assert cloud.alarms["Alarm"].state == OK
        cloud.advance(minutes=3)
        assert cloud.alarms["Alarm"].state == ALARM


def test_an_alarm_on_what_is_not_measured_here_says_so_when_it_is_read(deploy: Deploy) -> None:
    with (
        deploy(watching("AWS/SES", "Reputation.BounceRate", "[]")) as cloud,
        pytest.raises(NotEmulatedError, match=r"no metric Reputation\.BounceRate of AWS/SES"),
    ):
        assert cloud.alarms["Alarm"]


def test_an_expression_that_cannot_be_parsed_is_refused_at_deployment(deploy: Deploy) -> None:
    with pytest.raises(TemplateError, match="cannot be parsed"):
        deploy("Metrics: [{Id: a, Expression: '1 +'}]").__enter__()
