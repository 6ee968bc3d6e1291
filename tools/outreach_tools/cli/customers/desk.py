"""The desk of a stack's customers, for the commands that need it."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from outreach_tools.cli.screen import fail
from outreach_tools.cli.stack import aws_failures, stack_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach_tools.operations.customer_desk import CustomerDesk


def desk_of(context: typer.Context, stack: str) -> "CustomerDesk":
    from outreach_tools.operations.customer_desk import CustomerDesk

    try:
        return CustomerDesk(stack_of(context, stack))
    except KeyError as missing:
        fail(f"stack {stack} has no output {missing.args[0]}; is it a stack of Outreach, and up to date?")


@contextmanager
def failures(stack: str) -> "Iterator[None]":
    from outreach.domain.errors import ConflictError, UnknownCustomerError

    with aws_failures(stack):
        try:
            yield
        except UnknownCustomerError:
            fail("no customer has this id: no event has named one")
        except ConflictError as error:
            fail(f"{error}; run the same command again")
