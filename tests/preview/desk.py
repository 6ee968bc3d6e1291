"""A marketer's desk: a templates folder, and the address of its preview."""

import http.client
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Desk:
    folder: Path
    address: str

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def edit_and_wait(self, file: str, old: str, new: str) -> None:
        """Until the server shows the folder as it is now."""
        before = self.get("/")[2]
        self.edit(file, old, new)
        while self.get("/")[2] == before:
            time.sleep(0.05)

    def get(self, path: str, host: str | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and bytes of an answer."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname or "", place.port or 0)
        connection.request("GET", path, headers={} if host is None else {"Host": host})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
