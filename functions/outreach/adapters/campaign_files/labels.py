"""Gives every step a label: its own, its message's name, or one made of what it does (not of its place)."""

from __future__ import annotations

from hashlib import sha256
from re import sub
from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.steps.registry import spec_of_form
from outreach.adapters.campaign_files.values import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outreach.adapters.campaign_files.steps.form import StepForm

_HASH_LENGTH = 6


def labels_of(steps: Sequence[StepForm]) -> tuple[str, ...]:
    """One label per step. Labels that the file gives stay as they are, even when two are the same.

    A made label that is taken gets a number: the second `wait: 6d` is `wait-6d-2`.
    """
    taken = {label for step in steps if (label := written_label(step)) is not None}
    labels: list[str] = []
    for step in steps:
        label = written_label(step)
        if label is None:
            before = labels[-1] if labels else "start"
            label = _free(_name(spec_of_form(step).label_words(step, before)), taken)
            taken.add(label)
        labels.append(label)
    return tuple(labels)


def written_label(step: StepForm) -> str | None:
    """The author's label: `label:`, or the name of the message."""
    return step.label or spec_of_form(step).own_label(step)


def meant_label(raw: object) -> str | None:
    """The label meant for an invalid step, so that jumps to it are not reported too."""
    label = (raw.get("label") or raw.get("send")) if isinstance(raw, dict) else None
    return label if isinstance(label, str) else None


def _name(words: str) -> str:
    name = sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    if len(name) <= LONGEST_NAME:
        return name
    tail = sha256(words.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{name[: LONGEST_NAME - _HASH_LENGTH - 1].rstrip('-')}-{tail}"


def _free(label: str, taken: set[str]) -> str:
    """The label, or the label with the first number that makes it a new one."""
    candidate, number = label, 1
    while candidate in taken:
        number += 1
        suffix = f"-{number}"
        candidate = label[: LONGEST_NAME - len(suffix)].rstrip("-") + suffix
    return candidate
