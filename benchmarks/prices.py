"""List prices in US dollars (us-east-1, 2026), and what a run costs by them. Beyond SES's own price."""

from dataclasses import dataclass

WRITE_UNIT = 0.625e-6
"""DynamoDB on demand, one write of up to 1 KB; a write inside a transaction takes two."""
READ_UNIT = 0.125e-6
"""DynamoDB on demand, one consistent read of up to 4 KB."""
TRANSITION = 25e-6
"""Step Functions Standard."""
INVOCATION = 0.2e-6
GB_SECOND = 13.3334e-6
"""Lambda on arm64."""
QUEUE_REQUEST = 0.4e-6
"""SQS standard: a request to send, receive or delete, each of up to ten messages."""
TOPIC_PUBLISH = 0.5e-6
"""SNS standard; the delivery to a queue is free. So are AWS's own events on the default event bus."""
ALARM_METRIC = 0.10
"""CloudWatch, a month: each metric that an alarm reads, at standard resolution."""
CUSTOM_METRIC = 0.30
"""CloudWatch, a month, for each name and set of dimensions; only for the hours in which it is written."""
MEMORY_GB = 0.5
VCPU = 0.29
"""What 512 MB of Lambda get of a core (1,769 MB are one)."""
ROUND_TRIP = 0.006
"""Seconds for one DynamoDB request, and the rest of the wait that is not CPU."""
SES_ROUND_TRIP = 0.06
"""Seconds for one SES request: 40 to 60 ms are usual."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run used."""

    mails: int
    write_units: float
    read_units: float
    transitions: float
    invocations: float
    cpu_seconds: float
    """On a whole core."""
    requests: float
    ses_requests: float
    queue_requests: float = 0
    published: float = 0

    @property
    def gb_seconds(self) -> float:
        waiting = self.requests * ROUND_TRIP + self.ses_requests * SES_ROUND_TRIP
        return MEMORY_GB * (self.cpu_seconds / VCPU + waiting)

    def parts(self) -> dict[str, float]:
        """Dollars per 1,000 messages, by what they are for."""
        per_thousand = 1000 / self.mails
        return {
            "writes": self.write_units * WRITE_UNIT * per_thousand,
            "reads": self.read_units * READ_UNIT * per_thousand,
            "transitions": self.transitions * TRANSITION * per_thousand,
            "functions": (self.invocations * INVOCATION + self.gb_seconds * GB_SECOND) * per_thousand,
            "queues and topics": (self.queue_requests * QUEUE_REQUEST + self.published * TOPIC_PUBLISH)
            * per_thousand,
        }

    @property
    def dollars_per_thousand(self) -> float:
        return sum(self.parts().values())
