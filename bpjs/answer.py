from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from . import reason
from .envelope import loads
from .errors import DecryptionError, UnreadableError

LONGEST_TEXT = 1000
LONGEST_EXCERPT = 100
HEADING = re.compile(r"<(?:title|h1)\b[^<>]*>([^<>]*)", re.IGNORECASE)
TELLING = ("message", "error", "description", "error_description", "faultstring")
YES, NO = {"true", "1"}, {"false", "0"}


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as far as it could be read.

    `code`, `message` and the decrypted `response` are those of BPJS's envelope. `problem` is the
    reason why an answer could not be read; without an envelope (`code` None) `message` is what
    the body tells in short, such as its heading. `date` is when it was sent by BPJS's clock, where
    it says so.
    """

    http_status: int
    code: int | None
    message: str
    response: object
    problem: str = ""
    date: datetime | None = field(default=None, compare=False)

    @property
    def is_2xx(self) -> bool:
        return 200 <= self.http_status < 300

    @property
    def worse_status(self) -> int:
        """The worse of HTTP status and code: either may say 200 of a failure."""
        return max(self.http_status, self.code or 0)


def read(http_status: int, body: bytes, decrypt: Callable[[str], object]) -> Answer:
    """The answer in a body, whatever that is. Never raises.

    `decrypt` is `envelope.decrypt` bound to the request's credentials and timestamp.
    """
    text = body.decode("utf-8-sig", "replace").strip()
    if not text:
        return Answer(http_status, None, "", None, "" if http_status == 204 else reason.EMPTY)
    try:
        envelope = lower_keys(loads(text))
    except (ValueError, RecursionError):
        return Answer(http_status, None, _excerpt(text), None, reason.NOT_JSON)
    metadata = lower_keys(envelope.get("metadata"))
    code = whole_number(metadata.get("code"))
    if code is None:
        return Answer(http_status, None, _told(envelope) or _excerpt(text), None, reason.NO_CODE)
    answer = Answer(http_status, code, plain(metadata.get("message")), envelope.get("response"))
    return _decrypted(answer, decrypt)


def _decrypted(answer: Answer, decrypt: Callable[[str], object]) -> Answer:
    """Refusals carry plain text, too: only with a 2xx must a string be an encrypted one."""
    response, problem = answer.response, ""
    if isinstance(response, str) and response:
        try:
            response = decrypt(response)
        except DecryptionError:
            problem = reason.UNDECRYPTABLE if answer.is_2xx else ""
    return Answer(answer.http_status, answer.code, answer.message, response, problem)


def lower_keys(value: object) -> dict:
    """A JSON object with its keys in lower case: BPJS writes metaData, metadata and Metadata."""
    return {key.lower(): item for key, item in value.items()} if isinstance(value, dict) else {}


def whole_number(value: object) -> int | None:
    """200 or "200", as codes come. Anything else, such as true or 200.5, is none."""
    if isinstance(value, int | str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", str(value)):
        return int(value)
    return None


def flag(value: object) -> bool | None:
    """True or "true", false or 0, as BPJS writes them; None for what says neither."""
    text = str(value).strip().lower()
    return True if text in YES else False if text in NO else None


def plain(value: object) -> str:
    """A text as one line that a database takes, not too long; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    return " ".join(value[:LONGEST_TEXT].replace("\0", "").split())


def _told(envelope: dict) -> str:
    """What an object in JSON says that is not BPJS's, such as a gateway's."""
    parts = [envelope, *map(lower_keys, envelope.values())]
    texts = (plain(part.get(name)) for part in parts for name in TELLING)
    return "; ".join(filter(None, texts))[:LONGEST_EXCERPT]


def _excerpt(text: str) -> str:
    """A page's heading, or a short text. No more of what may be anybody's is shown to anybody."""
    if heading := HEADING.search(text[:LONGEST_TEXT]):
        return plain(heading[1])[:LONGEST_EXCERPT]
    return plain(text) if len(text) <= LONGEST_EXCERPT and text[0] not in "<{[" else ""


def items(response: object) -> list:
    """The rows of a list answer, which is `{"count", "list"}` or a bare list; empty means none.

    Rows come as they are, null among them.

    Raises `UnreadableError`.
    """
    match response or []:
        case {"list": None | ""}:
            return []
        case list(rows) | {"list": list(rows)}:
            return rows
    raise UnreadableError(reason.NO_LIST)
