"""All records of one customer, in memory."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from outreach.domain.sending.page import Receipt
from outreach.domain.sending.send import Send, SendId
from outreach.ports.operations import CustomerRecord

if TYPE_CHECKING:
    from fake_table import FakeTable


class FakeCustomerRecords:
    """CustomerRecords over the rows of a FakeTable."""

    def __init__(self, table: "FakeTable") -> None:
        self._table = table

    def record(self, customer_id: str) -> CustomerRecord:
        newest = [row for key, row in self._table.enrollments.items() if key.customer_id == customer_id]
        earlier = [row for (key, _), row in self._table.runs.items() if key.customer_id == customer_id]
        return CustomerRecord(self._table.customer(customer_id), tuple(newest), tuple(earlier))

    def receipts(self, claimed: Mapping[SendId, Send]) -> dict[SendId, Receipt]:
        pages = self._table.pages.values()
        return {
            send_id: page.receipts[send_id]
            for page in pages
            for send_id, send in claimed.items()
            if send_id in page.receipts and page.at == send.at
        }
