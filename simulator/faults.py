"""Faults on demand, for the next calls of a service."""

import threading
from dataclasses import asdict, dataclass, field

from .envelope import SERVICES, Answer, Reply, as_json

_HTML_404 = Reply(404, b"<html><body><h1>404 Not Found</h1></body></html>", "text/html")
_HTML_502 = Reply(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html")
_LIMITS = as_json({"message": "Limits exceeded"}, 429)
_EMPTY = Reply(200)
_DROP = None  # the connection is closed without an answer

# The call has no effect and is answered so. A service's common refusals are such faults, too.
INSTEAD = {
    "drop_before": _DROP,
    "html_404": _HTML_404,
    "html_502": _HTML_502,
    "limits_exceeded": _LIMITS,
    "empty": _EMPTY,
}
SAY = "say"  # the same, with the code and message asked for
# The call has its effect and its answer is replaced.
AFTER = {"drop_after": _DROP, "html_502_after": _HTML_502, "empty_after": _EMPTY}
# The call has its effect; the answer comes late, encrypted with another key, or in an odd shape.
DELAY, WRONG_ENCRYPTION, ODD_SHAPE = "delay", "wrong_encryption", "odd_shape"


@dataclass
class Fault:
    """A fault for the next `times` calls of a service, of these methods only where any are named.

    Raises `ValueError` for what makes no sense.
    """

    service: str
    fault: str
    times: int = 1
    seconds: float = 0  # the length of a delay
    methods: list[str] = field(default_factory=list)
    code: int = 0  # what to say
    message: str = ""

    def __post_init__(self):
        if self.service not in SERVICES:
            raise ValueError(f"unknown service {self.service!r}")
        general = [*INSTEAD, *AFTER, DELAY, WRONG_ENCRYPTION, ODD_SHAPE, SAY]
        names = [*general, *SERVICES[self.service].refusals]
        if self.fault not in names:
            raise ValueError(f"{self.service} knows these faults: {', '.join(names)}, refuse")
        if (self.fault == DELAY) != (self.seconds > 0):
            raise ValueError("a delay needs seconds, nothing else takes them")
        if (self.fault == SAY) != (self.code > 0):
            raise ValueError("say needs a code, nothing else takes one")
        if self.times < 1:
            raise ValueError("times must be 1 or more")

    @property
    def refusal(self) -> Answer | None:
        """What the service itself answers instead of doing anything."""
        if self.fault == SAY:
            return Answer(self.code, self.message)
        return SERVICES[self.service].refusals.get(self.fault)

    def meets(self, service: str, method: str) -> bool:
        return self.times > 0 and service == self.service and method in (self.methods or [method])


class Faults:
    """The faults asked for and not yet used up, in the order they were asked for."""

    def __init__(self):
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def take(self, service: str, method: str) -> Fault | None:
        """The fault this call meets, if any; it has one time less from then on."""
        with self._lock:
            for fault in self._faults:
                if fault.meets(service, method):
                    fault.times -= 1
                    return fault
            return None

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def as_list(self) -> list[dict]:
        with self._lock:
            return [asdict(fault) for fault in self._faults if fault.times > 0]
