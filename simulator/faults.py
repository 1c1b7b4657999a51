"""Faults on demand, for calls of one service, or of a proxy or engine before them."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import partial

from . import soap
from .envelope import (
    SERVICES,
    WRONG_ACCOUNT,
    Answer,
    Reply,
    Service,
    as_json,
    gateway_refusal,
    html,
)

MEGABYTE = 2**20
_ANOTHER_SECRET = "rahasia-lain"
_OWN = object()  # the answer that the call leads to


@dataclass(frozen=True)
class Plan:
    """What becomes of a call that meets a fault. Times are seconds."""

    before: float = 0  # until the call is done
    effect: bool = True  # it is done at all
    change: Callable[[Answer | None], Answer] | None = None  # of what the service says
    shape: Mapping[str, object] = field(default_factory=dict)  # of the service's envelope
    reply: Reply | None | object = _OWN  # what is sent; None closes the connection without
    after: float = 0  # until it is sent
    travel: Mapping[str, object] = field(default_factory=dict)  # how it travels, see `Reply`

    def carry_out(self, do: Callable[..., Reply | None]) -> Reply | None:
        """`do(effect, change, **shape)` does the call, if it is to have its effect, and answers."""
        time.sleep(self.before)
        reply = self.reply
        if self.effect or reply is _OWN:
            own = do(self.effect, self.change, **self.shape)
            reply = own if reply is _OWN else reply
        time.sleep(self.after)
        return reply and replace(reply, **self.travel)


WELL = Plan()
Kind = Callable[..., Plan]  # takes the fault's own options


def fixed(**plan: object) -> Kind:
    """A fault that takes no options."""
    return lambda: Plan(**plan)


def pair(name: str, **plan: object) -> dict[str, Kind]:
    """The fault that keeps a call from having its effect, and the one that does not."""
    return {name: fixed(effect=False, **plan), f"{name}_after": fixed(**plan)}


def _delay(seconds: float) -> Plan:
    return Plan(before=_positive(seconds))


def _delay_after(seconds: float) -> Plan:
    return Plan(after=_positive(seconds))


def _slow_headers(seconds: float) -> Plan:
    return Plan(travel={"head_pause": _positive(seconds)})


def _slow_body(seconds: float) -> Plan:
    return Plan(travel={"body_pause": _positive(seconds)})


def _interim(count: int = 2, seconds: float = 0) -> Plan:
    pause = _positive(seconds) if seconds else 0
    return Plan(travel={"interim": int(_positive(count)), "interim_pause": pause})


def _redirect(megabytes: float = 300) -> Plan:
    login = html(302, "Found", Location="/masuk")
    size = int(_positive(megabytes) * MEGABYTE)
    return Plan(effect=False, reply=replace(login, filler=size))


def _huge(megabytes: float = 300, gzipped: bool = False) -> Plan:
    size = int(_positive(megabytes) * MEGABYTE)
    return Plan(effect=False, reply=Reply(200, filler=size, gzipped=bool(gzipped)))


def _say(
    effect: bool,
    code: int,
    message: str = "",
    response: object = None,
    encrypted: bool = False,
    status: int = 0,
) -> Plan:
    answer = Answer(_positive(code), str(message), response, bool(encrypted), int(status))
    return Plan(effect=effect, change=lambda _said: answer)


def _positive(number: float) -> float:
    if not 0 < number < float("inf"):
        raise ValueError("a number above 0 is needed")
    return number


_FIREWALL = html(403, "Request Rejected", "Your support ID is: 1234567890123456789")
GENERAL: dict[str, Kind] = {
    "drop_before": fixed(effect=False, reply=None),
    "drop_after": fixed(reply=None),
    "delay": _delay,
    "delay_after": _delay_after,
    **pair("empty", reply=Reply(200)),
    **pair("html_404", reply=html(404, "Not Found")),
    **pair("html_500", reply=html(500, "Internal Server Error")),
    **pair("html_502", reply=html(502, "Bad Gateway")),
    **pair("html_503", reply=html(503, "Service Unavailable")),
    **pair("html_504", reply=html(504, "Gateway Time-out")),
    "redirect": _redirect,
    "huge": _huge,
    "slow_headers": _slow_headers,
    "slow_body": _slow_body,
    "interim": _interim,
    "gzip": fixed(travel={"gzipped": True}),
    "cut": fixed(travel={"cut": True}),
}
_BPJS: dict[str, Kind] = {
    **GENERAL,
    **pair("firewall_403", reply=_FIREWALL),
    **pair("firewall_200", reply=replace(_FIREWALL, status=200)),
    **pair("authentication_failed", reply=gateway_refusal()),
    **pair("limits_exceeded", reply=as_json({"message": "Limits exceeded"}, 429)),
    "say": partial(_say, False),
    "say_after": partial(_say, True),
    "wrong_encryption": fixed(shape={"secret": _ANOTHER_SECRET}),
    "odd_shape": fixed(shape={"odd": True}),
    "nulls": fixed(change=lambda said: replace(said, response=_without_objects(said.response))),
}


def _without_objects(response: object) -> object:
    """The response, in which every object below a row is null."""
    match response:
        case {"list": rows}:
            return response | {"list": _without_objects(rows)}
        case list():
            return [_without_objects(row) for row in response]
        case dict():
            return {k: None if isinstance(v, dict) else v for k, v in response.items()}
    return response


def _kinds(service: Service) -> dict[str, Kind]:
    """Its own refusals, too, can be had on demand."""
    kinds = dict(_BPJS)
    for name, answer in service.refusals.items():
        kinds |= pair(name, change=lambda _said, answer=answer: answer)
    return kinds


_ENGINE: dict[str, Kind] = {
    **GENERAL,
    "wrong_password": fixed(effect=False, reply=WRONG_ACCOUNT["engine"]),
    **pair("soap_fault", reply=soap.fault("java.lang.NullPointerException")),
    **pair("no_return", reply=soap.response(None)),
    **pair("no_json", reply=soap.response("java.net.SocketException: Connection reset")),
    "wrong_id": fixed(shape={"id": "another call's"}),
    "odd_status": lambda status: Plan(shape={"status": status}),
}


def _proxy_pair(status: int, title: str) -> dict[str, Kind]:
    """As `pair`; what comes back from the server is kept from the client."""
    name, reply = f"html_{status}", html(status, title)
    return {
        name: fixed(effect=False, reply=reply),
        f"{name}_after": fixed(shape={"mute": True}, reply=reply),
    }


_PROXY: dict[str, Kind] = {
    "drop_before": fixed(effect=False, reply=None),
    "drop_after": fixed(shape={"mute": True}, reply=None),
    "delay": _delay,
    "wrong_password": fixed(effect=False, reply=WRONG_ACCOUNT["proxy"]),
    **_proxy_pair(403, "Forbidden"),
    **_proxy_pair(502, "Bad Gateway"),
    **_proxy_pair(503, "Service Unavailable"),
    **_proxy_pair(504, "Gateway Time-out"),
    "redirect": _redirect,
    "huge": _huge,
}
KINDS = {service.name: _kinds(service) for service in SERVICES.values()}
KINDS |= {"engine": _ENGINE, "proxy": _PROXY}


class Fault:
    """A fault for the next `times` calls of a service; None: for all of them.

    `methods`, `path` (a pattern as of a shell, for the path below the service's base) and `about`
    (what path or body must contain, such as a card number) leave other calls alone. Raises
    `ValueError` or `TypeError` for what makes no sense.
    """

    def __init__(
        self,
        service: str,
        fault: str,
        times: int | None = 1,
        methods: list[str] | None = None,
        path: str = "*",
        about: str = "",
        **options: object,
    ):
        if service not in KINDS:
            raise ValueError(f"unknown service {service!r}")
        if fault not in KINDS[service]:
            known = ", ".join([*KINDS[service], "refuse"])
            raise ValueError(f"{service} knows these faults: {known}")
        if times is not None and times < 1:
            raise ValueError("times must be 1 or more, or null for ever")
        self.service, self.fault, self.times = service, fault, times
        self._methods, self._path, self._about = list(methods or []), str(path), str(about)
        self._options = options
        self.plan = KINDS[service][fault](**options)

    def meets(self, service: str, method: str, path: str, text: str) -> bool:
        """Whether a call is met; `text` is all that path and body say."""
        return (
            self.times != 0
            and service == self.service
            and method in (self._methods or [method])
            and fnmatchcase(path, self._path)
            and self._about in text
        )

    def as_dict(self) -> dict:
        """As it was asked for, with the times that are left."""
        asked = {"service": self.service, "fault": self.fault, "times": self.times}
        where = {"methods": self._methods, "path": self._path, "about": self._about}
        return asked | where | self._options


class Faults:
    """The faults asked for and not yet used up, in the order they were asked for."""

    def __init__(self):
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def take(self, service: str, method: str, path: str, text: str) -> Plan:
        """What becomes of this call. The fault it meets, if any, has one time less from then on.

        What lasts for ever comes after all that is counted.
        """
        with self._lock:
            met = [fault for fault in self._faults if fault.meets(service, method, path, text)]
            if not met:
                return WELL
            fault = min(met, key=lambda fault: fault.times is None)
            if fault.times is not None:
                fault.times -= 1
            return fault.plan

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def as_list(self) -> list[dict]:
        with self._lock:
            return [fault.as_dict() for fault in self._faults if fault.times != 0]
