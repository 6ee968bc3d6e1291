"""Works out, with plain dates, which e-mails a list of events must bring: an independent model.

Nothing here comes from the product. Each campaign is a generator that yields the time at which it must be
looked at again; the numbers are those of the shipped campaign files.
"""

import heapq
from collections.abc import Callable, Generator, Iterable
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from itertools import count

from e2e.told import NEVER, Life, Parcel

type Course = Generator[datetime]
type Mail = tuple[datetime, str, str]
"""When, to whom, and which message."""

LESSONS = {
    "espresso": [
        ("espresso-1-first-shot", ""),
        ("espresso-2-grind", "grinder"),
        ("espresso-3-milk", "steam_wand"),
        ("espresso-4-care", "descale"),
    ],
    "oven": [
        ("oven-1-first-bake", ""),
        ("oven-2-pizza", "pizza_stone"),
        ("oven-3-sourdough", "steam"),
        ("oven-4-care", "self_clean"),
    ],
    "skillet": [
        ("skillet-1-seasoning", ""),
        ("skillet-2-steak", "searing"),
        ("skillet-3-cornbread", "baking"),
        ("skillet-4-care", "reseasoning"),
    ],
}
SPACING = ((1, 5), (3, 5), (5, 5), (7, 7))
"""Days before each lesson, and days it stays useful."""
WIN_BACK_MESSAGES = (("we-miss-you", 90), ("an-offer", 14), ("last-call", 30))
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Hours:
    """Local hours of a campaign, and how long after them its mail is sent."""

    def __init__(self, opens: int, closes: int, turn_seconds: int) -> None:
        self.opens, self.closes, self.turn = time(opens), time(closes), timedelta(seconds=turn_seconds)

    def next_open(self, at: datetime, life: Life) -> datetime:
        local = at.astimezone(life.zone)
        if self.opens <= local.time() < self.closes:
            return at
        day = local.date() if local.time() < self.opens else local.date() + DAY
        return datetime.combine(day, self.opens, life.zone).astimezone(UTC)

    def rested(self, at: datetime, life: Life) -> datetime:
        """The end of a wait that a message follows."""
        opening = self.next_open(at, life)
        return at if opening == at else opening + self.turn


ONBOARDING, TUTORIAL, WIN_BACK = Hours(8, 20, 300), Hours(9, 19, 360), Hours(9, 19, 420)


def _full_minute(at: datetime) -> datetime:
    """The first at or after it: wakes of swept campaigns are at full minutes."""
    minute = at.replace(second=0, microsecond=0)
    return at if at == minute else minute + timedelta(minutes=1)


class Calendar:
    """Walks through time and writes down the mail."""

    def __init__(self, lives: Iterable[Life], ends: datetime) -> None:
        self.now = datetime.min.replace(tzinfo=UTC)
        self.mail: list[Mail] = []
        self.ends = ends
        self._turns = count()
        self._agenda: list[tuple[datetime, int, Course]] = []
        self._mailed: dict[str, list[datetime]] = {}
        self._quiet: dict[str, tuple[datetime, Course]] = {}
        """Per customer the win-back message that comes next, and when it is due."""
        for life in lives:
            self._begin(life)

    def walk(self) -> list[Mail]:
        first = min(at for at, _, _ in self._agenda)
        self._at(datetime.combine(first.date(), time(5), UTC), self._wakes())
        while self._agenda and self._agenda[0][0] < self.ends:
            self.now, _, course = heapq.heappop(self._agenda)
            again = next(course, None)
            if again is not None:
                self._at(again, course)
        return self.mail

    def _at(self, moment: datetime, course: Course) -> None:
        heapq.heappush(self._agenda, (moment, next(self._turns), course))

    def _begin(self, life: Life) -> None:
        self._at(life.signed_up_at, self._onboarding(life))
        taught: set[str] = set()
        for at, line in sorted(life.delivered):
            if line not in taught:
                taught.add(line)
                self._at(at, self._tutorial(life, line))
        for parcel in life.parcels.values():
            self._at(parcel.placed_at, self._delays(life, parcel))
            self._at(parcel.placed_at, self._goes_quiet(life))

    def _onboarding(self, life: Life) -> Course:
        sent: list[datetime] = []

        def over() -> bool:
            """Gone, or an order came within 30 days of a message."""
            placed = [p.placed_at for p in life.parcels.values() if p.placed_at <= self.now]
            won = any(
                at < p <= at + 30 * DAY for p in placed for at in [max((s for s in sent if s < p), default=p)]
            )
            return won or self.now >= life.gone_at

        if over():
            return
        sent.append(self._send(life, "welcome", counts=True))
        yield ONBOARDING.rested(self.now + DAY, life)
        if not life.profile_complete and not over():
            yield from self._when_allowed(life, "first-steps", ONBOARDING, None, over, sent)
        if life.activated_at > self.now:
            yield min(life.activated_at, self.now + 3 * DAY)
        active = life.activated_at <= self.now
        message, valid = ("make-the-most", 2 * DAY) if active else ("need-a-hand", None)
        yield from self._when_allowed(life, message, ONBOARDING, valid, over, sent)
        yield ONBOARDING.rested(self.now + 6 * DAY, life)
        yield from self._when_allowed(life, "how-is-it-going", ONBOARDING, None, over, sent)

    def _tutorial(self, life: Life, line: str) -> Course:
        for (lesson, feature), (wait, valid) in zip(LESSONS[line], SPACING, strict=True):
            yield TUTORIAL.rested(self.now + wait * DAY, life)
            if life.used.get(feature, NEVER) > self.now:
                yield from self._when_allowed(
                    life, lesson, TUTORIAL, valid * DAY, lambda: self.now >= life.gone_at, []
                )

    def _delays(self, life: Life, parcel: Parcel) -> Course:
        """Reported at once, whatever the hour; nothing more once it is shipped."""
        ends = min(parcel.shipped_at, life.deleted_at)
        promised_at, overdue = parcel.promised_at, False
        for number, (told_at, new_promise) in enumerate([*parcel.delays, (NEVER, NEVER)]):
            if not overdue and min(told_at, ends) > promised_at:
                yield promised_at
                self._send(life, "overdue")
                overdue = True
            if told_at > ends:
                return
            yield told_at
            self._send(life, "delayed" if number == 0 else "delayed-again")
            promised_at = new_promise

    def _goes_quiet(self, life: Life) -> Course:
        """Every order starts the messages again; the sweeps send them."""
        if self.now < life.deleted_at:
            messages = self._win_back_messages(life)
            self._quiet[life.id] = (next(messages), messages)
        return
        yield

    def _win_back_messages(self, life: Life) -> Course:
        spared = (
            int.from_bytes(sha256(f"holdout\x1fwin-back\x1f{life.id}".encode()).digest()[:8]) < 2**64 // 10
        )
        for message, quiet in WIN_BACK_MESSAGES:
            yield WIN_BACK.rested(self.now + quiet * DAY, life)
            if not spared:
                yield from self._when_allowed(
                    life, message, WIN_BACK, WEEK, lambda: self.now >= life.gone_at, []
                )

    def _wakes(self) -> Course:
        """All that is due, at the first full minute; what becomes due a day from now is seen until then."""
        while True:
            for customer, (due, messages) in list(self._quiet.items()):
                if due <= self.now:
                    self._quiet[customer] = (next(messages, NEVER), messages)
            first = min((due for due, _ in self._quiet.values()), default=NEVER)
            yield _full_minute(min(first, self.now + DAY))

    def _when_allowed(
        self,
        life: Life,
        message: str,
        hours: Hours,
        valid: timedelta | None,
        over: Callable[[], bool],
        sent: list[datetime],
    ) -> Course:
        """One marketing mail: within hours and caps, unless it is over or too late by then."""
        expires = NEVER if valid is None else self.now + valid
        while not over() and self.now < expires:
            until = hours.rested(self.now, life)
            if until == self.now:
                until = self._room(life)
                until = until if until == self.now else hours.rested(until + hours.turn, life)
            if until == self.now:
                sent.append(self._send(life, message, counts=True))
                return
            yield min(until, expires)

    def _room(self, life: Life) -> datetime:
        """When one more mail fits under one a day and three a week."""
        room = self.now
        for most, span in ((1, DAY), (3, WEEK)):
            recent = [at for at in self._mailed.get(life.id, []) if at > self.now - span]
            if len(recent) >= most:
                room = max(room, recent[-most] + span)
        return room

    def _send(self, life: Life, message: str, *, counts: bool = False) -> datetime:
        """Marketing counts towards the caps."""
        if counts:
            self._mailed.setdefault(life.id, []).append(self.now)
        self.mail.append((self.now, life.id, message))
        return self.now
