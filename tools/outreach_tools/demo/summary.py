"""The figures of one demo run: for people as a table, for programs as summary.json."""

from dataclasses import dataclass

from outreach.domain.intake.customer import Json
from outreach_tools.demo.tally import Tally


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened, and what it took."""

    customers: int
    virtual_days: int
    real_seconds: float
    campaigns: dict[str, Tally]
    trace: str
    """SHA-256 over everything that happened: the same seed gives the same."""

    @property
    def emails(self) -> int:
        return sum(tally.sent.total() for tally in self.campaigns.values())

    def document(self) -> dict[str, Json]:
        """What summary.json holds."""
        return {
            "customers": self.customers,
            "virtual_days": self.virtual_days,
            "real_seconds": round(self.real_seconds, 2),
            "campaigns": {
                name: {
                    "enrolled": tally.enrolled,
                    "runs": tally.runs,
                    "sent": dict(sorted(tally.sent.items())),
                    "held": tally.held,
                    "skipped": dict(sorted(tally.skipped.items())),
                    "goals": tally.goals,
                    "holdout": list[Json](tally.holdout),
                }
                for name, tally in self.campaigns.items()
            },
            "trace": self.trace,
        }
