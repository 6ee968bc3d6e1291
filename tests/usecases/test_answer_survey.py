"""A survey answer is stored with its send and announced when it changes, despite crashes and races."""

from dataclasses import replace
from typing import Any

import pytest

from builders import NOW, a_campaign, an_event
from outreach.domain.errors import ConflictError
from outreach.domain.feedback.survey import ANNOUNCED_WITHIN, Answer, Question
from outreach.domain.intake.event import DELETED
from outreach.domain.sending.send import SendId
from outreach.usecases.feedback.answer_survey import AnswerSurvey, InvalidScoreError
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send

SEND = SendId("c-ana", "onboarding", "c-ana", 1, "how-is-it-going")
ASKED = Question("c-ana", "getting-started", SEND)
OLD_LINK = Question("c-ana", "getting-started")


def a_shop() -> Shop:
    campaign = a_campaign("onboarding", steps=(send("how-is-it-going"),))
    shop = Shop(campaign)
    shop.enroll(campaign)
    return shop


def door(shop: Shop, **ports: Any) -> AnswerSurvey:
    table = shop.seams.around(shop.table)
    usual: dict[str, Any] = {
        "customers": table,
        "answers": table,
        "announcer": shop.seams.around(shop.announcer),
        "clock": shop.clock,
    }
    return AnswerSurvey(**(usual | ports))


def scores(shop: Shop) -> list[Any]:
    return [detail["score"] for _, _, detail in shop.announcer.announced]


@pytest.mark.parametrize("asked", [ASKED, OLD_LINK], ids=["link of a send", "link made before"])
def test_the_same_answer_205_times_is_announced_once(asked: Question) -> None:
    shop = a_shop()
    for _ in range(205):
        door(shop)(asked, "4")
        shop.clock.advance(minutes=1)

    assert scores(shop) == [4]
    (announced,) = shop.announcer.announced
    assert announced[2] == {"customer_id": "c-ana", "topic": "getting-started", "score": 4, "revision": 1}


@pytest.mark.parametrize("asked", [ASKED, OLD_LINK], ids=["link of a send", "link made before"])
def test_five_different_answers_are_announced_and_the_last_is_kept(asked: Question) -> None:
    shop = a_shop()
    for said in "12345":
        door(shop)(asked, said)

    assert scores(shop) == [1, 2, 3, 4, 5]
    assert shop.table.answers == {asked: Answer(5, 5, NOW, announced=True)}
    assert len({event_id for _, event_id, _ in shop.announcer.announced}) == 5


def test_ten_answers_are_announced_at_most() -> None:
    shop = a_shop()
    for said in "12" * 50:
        door(shop)(ASKED, said)

    assert scores(shop) == [1, 2] * 5


def test_an_answer_given_again_after_another_has_an_id_of_its_own() -> None:
    shop = a_shop()
    for said in "454":
        door(shop)(ASKED, said)

    assert len({event_id for _, event_id, _ in shop.announcer.announced}) == 3


def test_each_send_has_an_answer_of_its_own() -> None:
    shop = a_shop()
    for run in (1, 2):
        door(shop)(replace(ASKED, send=replace(SEND, run=run)), "4")

    assert scores(shop) == [4, 4]
    assert len({event_id for _, event_id, _ in shop.announcer.announced}) == 2


@pytest.mark.parametrize("said", ["", "0", "6", "٣", "5 ", "-1", "1e0"])
def test_what_was_not_offered_is_no_answer(said: str) -> None:
    shop = a_shop()

    with pytest.raises(InvalidScoreError):
        door(shop)(ASKED, said)
    assert (shop.table.answers, shop.announcer.announced) == ({}, [])


@pytest.mark.parametrize("asked", [ASKED, OLD_LINK], ids=["link of a send", "link made before"])
def test_an_erased_customers_answer_is_none(asked: Question) -> None:
    shop = a_shop()
    shop.take_in(an_event(DELETED, id="gone"))

    assert door(shop)(asked, "4") is None
    assert (shop.table.answers, shop.announcer.announced) == ({}, [])


def test_the_answers_of_a_customer_are_erased_with_the_customer() -> None:
    shop = a_shop()
    for asked in (ASKED, OLD_LINK):
        door(shop)(asked, "4")

    shop.take_in(an_event(DELETED, id="gone"))

    assert shop.table.answers == {}


def test_a_customer_who_is_erased_while_the_answer_is_being_kept_has_none() -> None:
    shop = a_shop()
    shop.seams.at_next("keep", Phase.BEFORE, lambda: shop.take_in(an_event(DELETED, id="gone")))

    assert door(shop)(ASKED, "4") is None
    assert (shop.table.answers, shop.announcer.announced) == ({}, [])


@pytest.mark.parametrize(("rival", "announced"), [("4", [4]), ("5", [5, 4])])
def test_of_two_requests_at_once_each_change_is_announced_once(rival: str, announced: list[int]) -> None:
    shop = a_shop()
    shop.seams.at_next("keep", Phase.BEFORE, lambda: door(shop)(ASKED, rival))

    door(shop)(ASKED, "4")

    assert scores(shop) == announced
    assert shop.table.answers[ASKED].score == announced[-1]


def test_a_change_that_overtakes_the_confirmation_is_kept() -> None:
    shop = a_shop()
    shop.seams.at_next("announce", Phase.AFTER, lambda: door(shop)(ASKED, "5"))

    door(shop)(ASKED, "4")

    assert scores(shop) == [4, 5]
    assert shop.table.answers[ASKED] == Answer(5, 2, NOW, announced=True)


@pytest.mark.parametrize(("call", "phase"), [("keep", Phase.AFTER), ("announce", Phase.BEFORE)])
def test_an_answer_whose_process_crashed_is_announced_when_it_is_given_again(call: str, phase: Phase) -> None:
    shop = a_shop()
    shop.seams.at_next(call, phase, crash)
    with pytest.raises(CrashError):
        door(shop)(ASKED, "4")
    shop.clock.advance(ANNOUNCED_WITHIN)

    door(shop)(ASKED, "4")
    door(shop)(ASKED, "4")

    assert scores(shop) == [4]


def test_an_answer_that_changes_again_and_again_is_an_error() -> None:
    shop = a_shop()

    class Restless:
        def answer(self, _: Question) -> None:
            return None

        def keep(self, *_: Any) -> None:
            raise ConflictError("the answer changed since it was read")

    with pytest.raises(ConflictError):
        door(shop, answers=Restless())(ASKED, "4")
    assert shop.announcer.announced == []


def test_the_survey_link_of_a_message_names_its_send() -> None:
    shop = a_shop()
    (ana,) = shop.table.enrollments

    shop.carry(ana)

    (mail,) = shop.mailer.sent
    assert mail.send_id.encoded() in mail.links.survey
    (_, _, facts, _) = shop.renderer.rendered[0]
    assert facts["links"] == mail.links
