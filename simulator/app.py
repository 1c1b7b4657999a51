"""One call in, one reply out: routes and faults."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from . import antrean, headers, page, pcare
from .book import Book
from .call import Call
from .control import Control, State
from .envelope import ANTREAN, PCARE, Answer, Reply, Service, answer_of, wrap
from .mobile_jkn import MobileJkn
from .people import patience
from .settings import DEFAULTS, Settings


def _map(service: Service, routes: tuple[tuple[str, str, Callable], ...]) -> MapAdapter:
    rules = [
        Rule(service.base + path, methods=[method], endpoint=endpoint)
        for method, path, endpoint in routes
    ]
    return Map(rules, merge_slashes=False).bind("simulator")


ROUTES = {PCARE: _map(PCARE, pcare.ROUTES), ANTREAN: _map(ANTREAN, antrean.ROUTES)}


class App:
    """The two services, Mobile JKN, the control and the page.

    `refuse(seconds)` closes the port for a while.
    """

    def __init__(self, refuse: Callable[[float], None], settings: Settings = DEFAULTS):
        self.control = Control(refuse, settings)
        self._mobile_jkn = MobileJkn()

    def __call__(self, call: Call) -> Reply | None:
        """The reply; None closes the connection without one."""
        state = self.control.state
        for service in ROUTES:
            if call.path.startswith(service.base + "/"):
                return _serve(state, service, call)
        if call.path == "/mobile-jkn" or call.path.startswith("/mobile-jkn/"):
            return self._mobile_jkn(state.book, call)
        if call.path.startswith("/elsewhere/"):  # where an odd WSDL leads
            state.book.count(f"elsewhere {call.method} {call.path}")
        if (call.method, call.path) == ("GET", "/"):
            return Reply(200, page.render(state.book, state.faults), "text/html; charset=utf-8")
        return self.control(call.method, call.path.removeprefix("/_control/"), call.body)

    def now(self) -> float:
        """What BPJS's clock shows, in Unix seconds."""
        return self.control.state.book.settings.now()


def _serve(state: State, service: Service, call: Call) -> Reply | None:
    """One call of a service, with the fault it meets."""
    route, endpoint = _find(state.book, service, call)
    state.book.count(f"{service.name} {call.method} {route}")
    path = call.path.removeprefix(service.base)
    plan = state.faults.take(service.name, call.method, path, call.text)
    time.sleep(state.book.settings.latency_ms / 1000 + patience(call.text))
    return plan.carry_out(partial(_do, state.book.settings, service, call, endpoint))


def _do(
    settings: Settings,
    service: Service,
    call: Call,
    endpoint: Callable[[], Answer],
    effect: bool,
    change: Callable[[Answer | None], Answer] | None,
    **shape: object,
) -> Reply:
    """Do a call, if it is to have its `effect`, and answer it with what `change` makes of that."""
    if refusal := headers.gateway(service, call.headers, settings):
        return refusal
    answer = answer_of(_checked, settings, service, call, endpoint) if effect else None
    if change:
        answer = change(answer)
    return wrap(service, answer, call.headers.get("X-timestamp", ""), **shape)


def _checked(
    settings: Settings, service: Service, call: Call, endpoint: Callable[[], Answer]
) -> Answer:
    headers.check(service, call.headers, settings)
    answer = endpoint()
    if settings.success_200 and answer.code in service.success:
        return replace(answer, code=200, encrypted=True)
    return answer


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
