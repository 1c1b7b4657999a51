"""The way through an integration engine, by the contract of Mirth's Web Service Listener."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from uuid import uuid4

import zeep
from requests import Response
from requests.structures import CaseInsensitiveDict
from zeep.cache import InMemoryCache
from zeep.exceptions import Fault
from zeep.proxy import OperationProxy
from zeep.wsdl.utils import etree_to_string

from .. import reason
from ..connection import MAX_BODY, Deadline, basic_auth
from ..errors import TransportError
from ..session import Session
from .way import Message, Reply

WSDL_SERVICE, WSDL_PORT = "DefaultAcceptMessageService", "DefaultAcceptMessagePort"
# The types of the contract. Mirth keeps them in a file beside its WSDL, which the WSDL names by an
# address inside its own network: it is read here, never fetched.
TYPES = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema"
  xmlns:ws="http://ws.connectors.connect.mirth.com/"
  targetNamespace="http://ws.connectors.connect.mirth.com/">
  <element name="acceptMessage" type="ws:acceptMessage"/>
  <element name="acceptMessageResponse" type="ws:acceptMessageResponse"/>
  <complexType name="acceptMessage">
    <sequence><element name="arg0" type="string" minOccurs="0"/></sequence>
  </complexType>
  <complexType name="acceptMessageResponse">
    <sequence><element name="return" type="string" minOccurs="0"/></sequence>
  </complexType>
</schema>"""
MAX_WSDL = 100_000  # bytes; to understand more might take long
STATUSES = range(200, 600)  # of final answers
SETTINGS = zeep.Settings(forbid_dtd=True)

NO_WSDL = reason.ENGINE_WSDL, "engine_wsdl"
NOT_AGREED = reason.ENGINE_ANSWER, "engine_answer"


class _Kept(InMemoryCache):
    """zeep's, of this process, but it can forget."""

    def forget(self, url: str) -> None:
        self._cache.pop(url, None)


KEPT = _Kept(timeout=None)


@dataclass(frozen=True)
class Engine:
    """Through an engine that is given requests as JSON by SOAP, sends them on, and returns answers.

    Its WSDL is fetched once a process, and anew when the engine has refused something. The engine
    sees no plain answer: what BPJS encrypts stays encrypted. The client's CA bundle is for the
    engine's certificate.
    """

    steps = ("engine", "engine_account", "engine_wsdl", "engine_answer")
    address: str  # of the service; its WSDL is at "?wsdl"
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def endpoint(self) -> str:
        return self.address.strip().partition("?")[0]

    @property
    def wsdl(self) -> str:
        return f"{self.endpoint}?wsdl"

    def carry(self, message: Message, session: Session, deadline: Deadline) -> Reply:
        line = _Line(self, session, deadline)
        accept_message = self._operation(line)
        asked = {
            "id": str(uuid4()),
            "service": message.service,
            "method": message.method,
            "path": message.path,
            "headers": dict(message.headers),
            "body": message.body,
        }
        try:
            said = accept_message(arg0=json.dumps(asked))
        except TransportError:
            raise
        except Exception as error:  # zeep raises whatever its parts raise
            self.forget()
            if isinstance(error, Fault) and error.code:
                raise TransportError(reason.ENGINE_FAULT, "engine_answer") from None
            raise TransportError(*(NOT_AGREED if line.is_answered else NO_WSDL)) from None
        try:
            return _reply(said, asked["id"])
        except TransportError:
            session.close()  # where one answer is of another message, so is the next one there
            raise

    def _operation(self, line: _Line) -> OperationProxy:
        """What calls the engine as its WSDL says, but at the address that was entered."""
        wsdl = KEPT.get(self.wsdl) or line.fetch()
        try:
            client = copy(_client(self.wsdl, wsdl))
            client.transport = line
            binding = client.wsdl.services[WSDL_SERVICE].ports[WSDL_PORT].binding
            operation = client.create_service(binding.name.text, self.endpoint).acceptMessage
        except Exception:  # zeep raises whatever its parts raise
            raise TransportError(*NO_WSDL) from None
        KEPT.add(self.wsdl, wsdl)
        return operation

    def forget(self) -> None:
        KEPT.forget(self.wsdl)


class _Line:
    """What zeep sends through."""

    def __init__(self, engine: Engine, session: Session, deadline: Deadline):
        self._engine, self._session, self._deadline = engine, session, deadline
        self.is_answered = False

    def fetch(self) -> bytes:
        """The WSDL. Nothing has been sent on yet, whatever goes wrong."""
        try:
            response = self._exchange("GET", self._engine.wsdl, {}, None)
        except TransportError as error:
            if error.sent:
                raise TransportError(*NO_WSDL) from None
            raise
        if len(response.content) > MAX_WSDL:
            raise TransportError(*NO_WSDL)
        return response.content

    def post_xml(self, address: str, envelope: object, headers: dict) -> Response:
        """As zeep has it; the envelope is an lxml element."""
        body = etree_to_string(envelope)
        response = self._exchange("POST", address, headers, body)
        self.is_answered = True
        if len(response.content) > MAX_BODY:
            raise TransportError(*NOT_AGREED)
        return response

    def _exchange(self, method: str, url: str, headers: dict, body: bytes | None) -> Response:
        if self._engine.username:
            account = basic_auth(self._engine.username, self._engine.password)
            headers = {**headers, "Authorization": account}
        try:
            response = self._session.exchange(method, url, headers, body, self._deadline)
        except TransportError as error:
            raise _of_engine(error) from None
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise TransportError(reason.ENGINE_ACCOUNT, "engine_account")
        return response


class _Shelf:
    """What zeep reads the WSDL from. Whatever else that names is not fetched: it is the types."""

    def __init__(self, url: str, wsdl: bytes):
        self._url, self._wsdl = url, wsdl

    def load(self, url: str) -> bytes:
        return self._wsdl if url == self._url else TYPES


@lru_cache(maxsize=8)  # to read a WSDL takes longer than a message
def _client(url: str, wsdl: bytes) -> zeep.Client:
    return zeep.Client(url, transport=_Shelf(url, wsdl), settings=SETTINGS)


def _of_engine(error: TransportError) -> TransportError:
    """What kept the session from an answer, as it is to be said of an engine."""
    if error.sent:
        return TransportError(error.reason, "engine_answer")
    if error.reason == reason.CERTIFICATE:
        return TransportError(reason.ENGINE_CERTIFICATE, "engine_certificate")
    if error.stage == "certificate":
        return TransportError(error.reason, "engine_certificate")
    return TransportError(reason.ENGINE_UNREACHABLE, "engine")


def _reply(said: object, asked_id: str) -> Reply:
    """What BPJS answered, in the words of the engine. Raises `TransportError` for other words."""
    try:
        answer = json.loads(said)
    except (TypeError, ValueError, RecursionError):
        raise TransportError(*NOT_AGREED) from None
    match answer:
        case {"id": given, "status": int(status), "body": str() | None as body} if (
            given == asked_id and status in STATUSES
        ):
            return Reply(status, _headers(answer), (body or "").encode(errors="replace"))
    raise TransportError(*NOT_AGREED)


def _headers(answer: dict) -> CaseInsensitiveDict:
    headers = answer.get("headers")
    pairs = headers.items() if isinstance(headers, dict) else ()
    return CaseInsensitiveDict((name, text) for name, text in pairs if isinstance(text, str))
