"""The ways on which BPJS itself is spoken to: straight, and through a proxy."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from requests.utils import get_environ_proxies

from ..connection import Deadline
from ..session import Session
from .way import Message, Reply


class _Http:
    def carry(self, message: Message, session: Session, deadline: Deadline) -> Reply:
        url = message.base_url + message.path
        body = None if message.body is None else message.body.encode()
        response = session.exchange(
            message.method, url, message.headers, body, deadline, self._proxies(url)
        )
        return Reply(response.status_code, response.headers, response.content)

    def forget(self) -> None:
        """Nothing is kept of this way."""


@dataclass(frozen=True)
class Direct(_Http):
    """Straight to BPJS, unless `trust_env` and a variable of the environment names a proxy."""

    steps = ("address", "connection", "tls")
    password = ""
    trust_env: bool = False

    def _proxies(self, url: str) -> dict[str, str]:
        return get_environ_proxies(url) if self.trust_env else {}


DIRECT = Direct()


@dataclass(frozen=True)
class Proxy(_Http):
    """Through a proxy that speaks HTTP: it connects us to an https address and forwards http.

    What it says before it has connected us is its own, and so is a 407. Of what it forwards nobody
    can say whose a 502 or 504 is: they are taken for BPJS's, so the request may have arrived.
    """

    steps = ("address", "proxy", "proxy_account", "connection", "tls")
    address: str  # "http://proxy.example:3128"
    username: str = ""
    password: str = field(default="", repr=False)

    def _proxies(self, url: str) -> dict[str, str]:
        scheme, _, host = self.address.strip().rpartition("://")
        if self.username:
            host = f"{quote(self.username, safe='')}:{quote(self.password, safe='')}@{host}"
        return dict.fromkeys(("http", "https"), f"{scheme or 'http'}://{host}")
