"""A clinic's own web service, as BPJS calls it (BPJS catalogue, WS FKTP)."""

from dataclasses import dataclass
from urllib.parse import quote

import requests

from .settings import Settings

_SECONDS = 10  # until the clinic is given up


@dataclass(frozen=True)
class Said:
    """What the clinic, or BPJS itself, says to a member. Code 0: nothing that can be read."""

    code: int
    message: str
    response: object = None


class Clinic:
    """Calls with a token, which is kept until the clinic refuses it."""

    def __init__(self):
        self._tokens: dict[tuple[str, str, str], str] = {}  # by address, user and password

    def ask(self, settings: Settings, method: str, *path: str, body: dict | None = None) -> Said:
        """What the clinic says to one call, or to the attempt to get a token for it."""
        url, user = settings.clinic_url.rstrip("/"), settings.clinic_user
        if not url:
            return Said(0, "Alamat layanan klinik belum diatur.")
        address = "/".join([url, *(quote(step, safe="") for step in path)])
        account = url, user, settings.clinic_password

        def call() -> Said:
            headers = {"x-token": self._tokens[account], "x-username": user}
            return _send(method, address, headers, body)

        if account in self._tokens and not _is_about_token(said := call()):
            return said
        headers = {"x-username": user, "x-password": settings.clinic_password}
        said = _send("GET", f"{url}/auth", headers)
        if said.code == 200:
            self._tokens[account] = str(part(said.response, "token"))
            said = call()
        return said


def part(response: object, name: str) -> object:
    """A part of what should be an object; nothing where it is none."""
    return response.get(name, "") if isinstance(response, dict) else ""


def _is_about_token(said: Said) -> bool:
    return said.code == 201 and "token" in said.message.lower()


def _send(method: str, url: str, headers: dict, body: dict | None = None) -> Said:
    try:
        with requests.Session() as session:
            session.trust_env = False
            options = {"timeout": _SECONDS, "allow_redirects": False}
            reply = session.request(method, url, headers=headers, json=body, **options)
    except requests.RequestException as error:
        return Said(0, f"Layanan klinik tidak dapat dihubungi ({type(error).__name__}).")
    try:
        answer = reply.json()
        metadata = answer["metadata"]
        return Said(int(metadata["code"]), str(metadata["message"]), answer.get("response"))
    except (ValueError, TypeError, KeyError):
        return Said(0, f"Jawaban klinik tidak dapat dibaca (HTTP {reply.status_code}).")
