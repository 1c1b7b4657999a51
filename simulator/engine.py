"""The integration engine between clinic and BPJS: it sends on what it is given by SOAP."""

import http.client
import json
import time
import zlib
from contextlib import closing
from functools import partial
from urllib.parse import urlsplit

from . import soap
from .call import Call
from .control import Control
from .envelope import SERVICES, WRONG_ACCOUNT, Reply, html
from .headers import is_account
from .settings import Settings

_SECONDS = 60  # until BPJS is given up
_LIMIT = 16 * 2**20  # bytes of BPJS's answer


class Engine:
    """An app of its own; `bpjs` is the address of the simulated BPJS."""

    now = staticmethod(time.time)  # its clock is right, whatever BPJS's shows

    def __init__(self, control: Control, bpjs: str):
        self._control = control
        self._bpjs = bpjs

    def __call__(self, call: Call) -> Reply | None:
        """The reply; None closes the connection without one."""
        state = self._control.state
        state.book.count(f"engine {call.method} {call.path}")
        plan = state.faults.take("engine", call.method, call.path, call.text)
        return plan.carry_out(partial(self._do, state.book.settings, call))

    def _do(self, settings: Settings, call: Call, _effect, _change, **shape: object) -> Reply:
        user, password = settings.engine_user, settings.engine_password
        if not is_account(call.headers.get("Authorization", ""), user, password):
            return WRONG_ACCOUNT["engine"]
        address = f"http://{call.headers.get('Host')}{soap.SERVICE_PATH}"
        match call.method, call.path, call.query.lower():
            case "GET", soap.SERVICE_PATH, "wsdl":
                return soap.wsdl(address, f"{self._bpjs}/elsewhere", settings.wsdl_schema)
            case "GET", soap.SERVICE_PATH, "xsd=1":
                return soap.schema()
            case "POST", soap.SERVICE_PATH, _:
                return self._accept_message(settings, call.body, shape)
        return html(404, "Not Found")

    def _accept_message(self, settings: Settings, body: bytes, shape: dict) -> Reply:
        try:
            answer = self._send_on(settings, **json.loads(soap.read(body)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return soap.fault(f"{type(error).__name__}: {error}", "Client")
        except (OSError, http.client.HTTPException) as error:
            return soap.fault(f"No answer: {type(error).__name__}: {error}", "Server")
        return soap.response(json.dumps(answer | shape))

    def _send_on(
        self,
        settings: Settings,
        id: str,
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: str | None = None,
    ) -> dict:
        """What BPJS answers to this call, as it is; the names are the contract's."""
        elsewhere = {"pcare": settings.pcare_url, "antrean_fktp": settings.antrean_url}[service]
        base = urlsplit(elsewhere or self._bpjs + SERVICES[service].base)
        content = None if body is None else body.encode()
        with closing(http.client.HTTPConnection(base.netloc, timeout=_SECONDS)) as connection:
            connection.request(method, base.path + path, content, headers)
            reply = connection.getresponse()
            received = reply.read(_LIMIT)
        answered = dict(reply.getheaders())
        if answered.pop("Content-Encoding", "") == "gzip":
            received = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(received, _LIMIT)
        text = received.decode(errors="replace")
        return {"id": id, "status": reply.status, "headers": answered, "body": text}
