"""Send one message that the gate let pass: render, take a turn, claim, send, record; in this order.

Why claiming comes before sending is decision 0001. The waiting comes before the claim, but for its last
moment: so whoever leaves meanwhile gets nothing, and a process that dies leaves nothing in doubt.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.domain.errors import SendRefused
from outreach.domain.gate import Hold
from outreach.domain.pacing import Wait
from outreach.domain.rendering import TemplateError
from outreach.domain.sends import Send, SendStatus
from outreach.usecases.draft_message import claim_on, render_message
from outreach.usecases.go_ahead import go_ahead, tell_house
from outreach.usecases.refusal import RATE, free_place_of, given_up_or_back, hold_after, tell_pacer
from outreach.usecases.take_turn import take_turn, until_turn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from outreach.domain.campaign import SendStep
    from outreach.domain.cap import Cap
    from outreach.domain.enrollment import Enrollment
    from outreach.domain.suppression import KnownAddress
    from outreach.ports import Clock, Enrollments, House, Ledger, Mailer, Pacer, Renderer
    from outreach.usecases.scene import Scene


def send_message(
    enrollment: Enrollment,
    step: SendStep,
    scene: Scene,
    *,
    move_on: Callable[[Enrollment], Enrollment],
    renderer: Renderer,
    pacer: Pacer,
    clock: Clock,
    enrollments: Enrollments,
    ledger: Ledger,
    mailer: Mailer,
    house: House,
    caps: tuple[Cap, ...],
    patience: timedelta,
    now: datetime,
    address: KnownAddress | None = None,
) -> Enrollment:
    """Carry one send through to a recorded outcome, or hold it; give back the stored enrollment.

    Raises Conflict when what the gate saw no longer holds: nothing was sent then. An error of the
    mailer that leaves open whether the message went flies; the claim stays and is settled later.
    """
    is_marketing = scene.campaign.is_marketing
    before = enrollment.sends.get(step.label)
    claim = claim_on(enrollment, step, scene, caps, now, address=address)
    claimed = claim.enrollment.sends[step.label]
    try:
        email = render_message(enrollment, step, scene, renderer)
    except TemplateError:
        # Nothing will go out, so nothing may count against the cap.
        outcome = replace(claimed, status=SendStatus.FAILED, reason="render_failed")
        enrollment = ledger.claim(replace(claim, topic=None, mailed_at=(), address=None))
        return ledger.record(move_on(enrollment.with_send(step.label, outcome)), step.label, outcome)

    turn = take_turn(marketing=is_marketing, pacer=pacer, clock=clock, patience=patience)
    if isinstance(turn, Wait):
        return enrollments.save(enrollment.held(turn.reason, _in_time(turn.until, enrollment, step)))
    go = go_ahead(house, campaign=scene.campaign.name, is_marketing=is_marketing, now=clock.now())
    if isinstance(go, Hold):
        return enrollments.save(enrollment.held(go.reason, _in_time(go.until, enrollment, step)))
    enrollment = ledger.claim(claim)
    until_turn(turn, clock)
    answer: str | SendRefused
    try:
        answer = mailer.send(email)
    except SendRefused as refusal:
        answer = refusal
    answered_at = clock.now()
    if isinstance(answer, SendRefused):
        outcome = given_up_or_back(claimed, answer)
        after = enrollment.with_send(step.label, outcome)
        hold = hold_after(answer, outcome, go.outage, is_marketing=is_marketing, now=answered_at)
        after = move_on(after) if hold is None else after.held(*hold)
    else:
        outcome = replace(claimed, status=SendStatus.SENT, message_id=answer)
        after = move_on(enrollment.with_send(step.label, outcome))
    recorded = ledger.record(after, step.label, outcome)
    free_place_of(enrollment.id.customer_id, outcome, is_marketing=is_marketing, ledger=ledger)
    tell_house(house, go.outage, [answer], now=answered_at)
    # After the refusal is on record: a crash here costs the pacer a hint, and nobody a message. A
    # transactional message that is refused once for the rate only met a second full of marketing, which
    # makes room for it already.
    counts = is_marketing or (before is not None and before.reason == RATE)
    if outcome.status is SendStatus.DEFERRED and (counts or outcome.reason != RATE):
        tell_pacer(pacer, outcome.reason, now=clock.now())
    return recorded


def without_own_claim(scene: Scene, send: Send | None) -> Scene:
    """A claim that was given back was counted under the cap; it must not stand in its own way."""
    mailed_at = list(scene.customer.mailed_at)
    if send is None or send.status is not SendStatus.DEFERRED or send.at not in mailed_at:
        return scene
    mailed_at.remove(send.at)
    return replace(scene, customer=replace(scene.customer, mailed_at=tuple(mailed_at)))


def _in_time(until: datetime, enrollment: Enrollment, step: SendStep) -> datetime:
    """A message that is too late by then is looked at when it becomes so, and skipped."""
    return until if step.valid_for is None else min(until, enrollment.entered_at + step.valid_for)
