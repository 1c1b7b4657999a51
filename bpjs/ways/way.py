from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ..connection import Deadline
from ..session import Session


@dataclass(frozen=True)
class Message:
    """A request with all its headers, ready to be sent."""

    service: str  # its code
    method: str
    base_url: str
    path: str  # below that
    headers: Mapping[str, str]
    body: str | None


@dataclass(frozen=True)
class Reply:
    """What BPJS answered. Where there is more of it than `MAX_BODY`, so is there of `body`."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Way(Protocol):
    """How BPJS is reached. All that is the same on every way is not a way's affair: signing and
    reading are the client's, deadline and limit the session's. Equal ways are one.
    """

    steps: tuple[str, ...]  # of a diagnosis, until BPJS is reached
    password: str  # on the way, "" where it takes none

    def carry(self, message: Message, session: Session, deadline: Deadline) -> Reply:
        """Send it once; return the answer, whatever its status. Raises `TransportError`, only."""

    def forget(self) -> None:
        """Have the next message learn anew what is kept of the way."""
