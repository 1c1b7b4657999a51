import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ...bpjs.errors import TransportError
from ...bpjs.outcome import Outcome, classify
from ...bpjs.request import Request
from ...database import Clock
from ...jobs import Exchange


@dataclass(frozen=True)
class Flight:
    """A call on its way to BPJS. Its thread knows no ORM, only what is here."""

    layanan_id: int
    clock: Clock
    send: Callable[[Request], object]
    fly: Callable[[Callable[[Request], Exchange]], Outcome]
    lang: str | None = None  # in which staff read what comes of it
    job_id: int | None = None
    attempt_id: int | None = None
    is_lookup: bool = False  # the job may have to be sent after it
    exchanges: list[Exchange] = field(default_factory=list)

    def run(self):
        return self.fly(self._call)

    def _call(self, request):
        started_at, start = self.clock.now(), time.monotonic()
        try:
            result = self.send(request)
        except TransportError as error:
            result = error
        exchange = Exchange(
            request, result, classify(request, result), started_at, time.monotonic() - start
        )
        self.exchanges.append(exchange)
        return exchange
