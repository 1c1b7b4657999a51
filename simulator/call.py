"""What comes in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """An HTTP request; `path` is unquoted and without the query."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def text(self) -> str:
        """All that path and body say."""
        return self.path + self.body.decode(errors="replace")
