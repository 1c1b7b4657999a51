import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ...bpjs.client import Client
from ...bpjs.errors import TransportError
from ...bpjs.outcome import Outcome
from ...bpjs.reason import NO_ANSWER_IN_TIME
from ...bpjs.request import Request
from ...database import Clock
from ...jobs import Exchange


@dataclass(frozen=True)
class Flight:
    """A call on its way to BPJS. Its thread knows no ORM, only what is here.

    It ends by `until`, a moment of the `clock`, whatever BPJS does and however many exchanges it
    takes.
    """

    layanan_id: int
    client: Client
    clock: Clock
    until: datetime
    fly: Callable[[Callable[[Request], Exchange]], Outcome]
    lang: str | None = None  # in which staff read what comes of it
    job_id: int | None = None
    attempt_id: int | None = None
    exchanges: list[Exchange] = field(default_factory=list)

    def run(self):
        return self.fly(self._call)

    def _call(self, request):
        started_at, start = self.clock.now(), time.monotonic()
        try:
            result = self._send(request, (self.until - started_at).total_seconds())
        except TransportError as error:
            result = error
        seconds = time.monotonic() - start
        outcome = self.client.outcome(request, result)
        exchange = Exchange(request, result, outcome, started_at, seconds)
        self.exchanges.append(exchange)
        return exchange

    def _send(self, request, seconds_left):
        if seconds_left <= 0:
            raise TransportError(NO_ANSWER_IN_TIME, "connection")
        return self.client.send_within(min(self.client.longest, seconds_left), request)
