"""Chance that the seed decides: the same seed and the same question always give the same answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.domain.journeys.hash_share import share


@dataclass(frozen=True, slots=True)
class Dice:
    """Answers depend on the seed, the subject and the question; on nothing before."""

    seed: int
    whom: tuple[str, ...] = ()

    def of(self, *whom: str) -> "Dice":
        """The dice of one subject."""
        return Dice(self.seed, (*self.whom, *whom))

    def share(self, question: str) -> float:
        """A number in [0, 1)."""
        return share("demo", str(self.seed), *self.whom, question)

    def happens(self, question: str, probability: float) -> bool:
        return self.share(question) < probability

    def between(self, question: str, lowest: int, highest: int) -> int:
        """A whole number, both ends included."""
        return lowest + int(self.share(question) * (highest - lowest + 1))

    def pick[Choice](self, question: str, choices: Sequence[Choice]) -> Choice:
        return choices[int(self.share(question) * len(choices))]
