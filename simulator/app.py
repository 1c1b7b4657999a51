"""One call in, one reply out: routes, faults, and the control of the stand-in itself."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from . import antrean, headers, page, pcare
from .book import Book
from .envelope import (
    ANTREAN,
    PCARE,
    SECRET,
    Answer,
    Refused,
    Reply,
    Service,
    as_json,
    gateway_refusal,
    wrap,
)
from .faults import AFTER, INSTEAD, ODD_SHAPE, WRONG_ENCRYPTION, Fault, Faults
from .people import patience


@dataclass(frozen=True)
class Call:
    """An HTTP request; `path` is unquoted and without the query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass
class State:
    """All that `POST /_control/reset` empties. Calls under way keep the state they began with."""

    book: Book = field(default_factory=Book)
    faults: Faults = field(default_factory=Faults)
    latency_ms: float = 0
    clock_ahead: float = 0  # seconds that BPJS's clock is ahead of the right time

    def now(self) -> float:
        """What BPJS's clock shows, in Unix seconds."""
        return time.time() + self.clock_ahead


def _map(service: Service, routes: tuple[tuple[str, str, Callable], ...]) -> MapAdapter:
    rules = [
        Rule(service.base + path, methods=[method], endpoint=endpoint)
        for method, path, endpoint in routes
    ]
    return Map(rules, merge_slashes=False).bind("simulator")


ROUTES = {PCARE: _map(PCARE, pcare.ROUTES), ANTREAN: _map(ANTREAN, antrean.ROUTES)}

_ANOTHER_SECRET = "rahasia-lain"


class App:
    """The two services, the control and the page. `refuse(seconds)` closes the port for a while."""

    def __init__(self, refuse: Callable[[float], None]):
        self.state = State()
        self._refuse = refuse

    def __call__(self, call: Call) -> Reply | None:
        """The reply; None closes the connection without one."""
        for service in ROUTES:
            if call.path.startswith(service.base + "/"):
                return _serve(self.state, service, call)
        try:
            return self._control(call)
        except (ValueError, TypeError, KeyError) as error:
            return as_json({"error": f"{type(error).__name__}: {error}"}, 400)

    def _control(self, call: Call) -> Reply:
        state = self.state
        match call.method, call.path:
            case "GET", "/":
                return Reply(200, page.render(state.book, state.faults), "text/html; charset=utf-8")
            case "GET", "/_control/book":
                return as_json(state.book.as_dict())
            case "GET", "/_control/faults":
                return as_json({"faults": state.faults.as_list()})
            case "POST", "/_control/faults":
                return self._add_fault(**json.loads(call.body))
            case "DELETE", "/_control/faults":
                state.faults.clear()
                return as_json({"faults": []})
            case "POST", "/_control/settings":
                return self._set(**json.loads(call.body))
            case "POST", "/_control/reference":
                state.book.reference = state.book.reference.replace(**json.loads(call.body))
                return as_json(state.book.reference.as_dict())
            case "POST", "/_control/reset":
                self.state = State()
                return as_json({})
        return as_json({"error": "not found"}, 404)

    def _add_fault(self, **asked: object) -> Reply:
        if asked.get("fault") == "refuse":
            self._refuse(float(asked["seconds"]))
        else:
            self.state.faults.add(Fault(**asked))
        return as_json({"faults": self.state.faults.as_list()})

    def _set(
        self,
        latency_ms: float | None = None,
        detect_duplicates: bool | None = None,
        clock_ahead: float | None = None,
    ) -> Reply:
        state = self.state
        if latency_ms is not None:
            state.latency_ms = max(0.0, float(latency_ms))
        if detect_duplicates is not None:
            state.book.detect_duplicates = bool(detect_duplicates)
        if clock_ahead is not None:
            state.clock_ahead = float(clock_ahead)
        return as_json(
            {
                "latency_ms": state.latency_ms,
                "detect_duplicates": state.book.detect_duplicates,
                "clock_ahead": state.clock_ahead,
            }
        )


def _serve(state: State, service: Service, call: Call) -> Reply | None:
    """One call of a service, with the fault it meets."""
    route, endpoint = _find(state.book, service, call)
    state.book.count(f"{service.name} {call.method} {route}")
    fault = state.faults.take(service.name, call.method)
    name = fault.fault if fault else ""
    text = call.path + call.body.decode(errors="replace")
    time.sleep(state.latency_ms / 1000 + patience(text) + (fault.seconds if fault else 0))
    if name in INSTEAD:
        return INSTEAD[name]
    if call.headers.get("user_key") != service.user_key:
        return gateway_refusal()
    answer = (fault and fault.refusal) or _answer(service, call, endpoint, state.now())
    if name in AFTER:
        return AFTER[name]
    secret = _ANOTHER_SECRET if name == WRONG_ENCRYPTION else SECRET
    timestamp = call.headers.get("X-timestamp", "")
    return wrap(service, answer, timestamp, secret, odd=name == ODD_SHAPE)


def _find(book: Book, service: Service, call: Call) -> tuple[str, Callable[[], Answer]]:
    """The route in words, such as `/peserta/{no_kartu}`, and the call of its endpoint."""
    try:
        rule, arguments = ROUTES[service].match(call.path, call.method, return_rule=True)
    except HTTPException:
        return "elsewhere", lambda: service.refusals["not_registered"]
    if call.method == "POST":
        arguments = {"body": _parse(call.body)}
    route = re.sub(r"<[^>]*?(\w+)>", r"{\1}", rule.rule.removeprefix(service.base))
    return route, partial(rule.endpoint, book, **arguments)


def _parse(body: bytes) -> object:
    """The JSON of a body; None, which no endpoint takes, for anything else."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _answer(service: Service, call: Call, endpoint: Callable[[], Answer], now: float) -> Answer:
    try:
        headers.check(service, call.headers, now)
        return endpoint()
    except Refused as refused:
        return refused.answer
