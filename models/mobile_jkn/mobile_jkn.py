import logging
import time

import psycopg2

from odoo import SUPERUSER_ID, models

from ...bpjs import mobile_jkn as said
from ...database import in_transaction
from ..faskes.bpjs_faskes import KD_PROVIDER
from .akun import NOBODY, Akun
from .ir_http import ROOT

_logger = logging.getLogger(__name__)


class MobileJkn(models.AbstractModel):
    """The clinic's own web service, which BPJS calls for Mobile JKN (BPJS catalogue, WS FKTP).

    Each service is a method named after it, which returns the `response`, or raises `Refused`.
    """

    _name = "mobile.jkn"
    _description = "Web Service for Mobile JKN"

    def _serve(self, method, path, query, headers, read_body):
        """Answer a call, in a transaction of its own where it changes something; whatever happens,
        it is an answer.

        :param read_body: gives the bytes that were sent; may raise `Refused`
        :returns: HTTP status, body
        :rtype: tuple[int, bytes]
        """
        begun, body = time.monotonic(), b""
        service = self.with_user(SUPERUSER_ID)
        kd_provider, _slash, path = path.removeprefix(ROOT).strip("/").partition("/")
        akun, code, message, response = NOBODY, said.OK, "Ok", None
        try:
            if KD_PROVIDER.fullmatch(kd_provider):
                akun = Akun.of(service.env, kd_provider) or NOBODY
            body = read_body()
            asked = akun, method, path, headers, body
            if method == "GET":  # only looks
                response = service._answer(*asked)
            else:
                response = in_transaction(service.env, service._answer, *asked)
        except said.Refused as refusal:
            self.env.cr.rollback()
            code, message = refusal.code, refusal.message
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Mobile JKN: a call of %s failed", kd_provider[:8])
            code, message = said.FAILED, said.OWN_ERROR
        answer = said.answer(code, message, response)
        if akun != NOBODY:
            shown = b"" if message == said.TOKEN else body
            spent = round((time.monotonic() - begun) * 1000)
            where = f"{path}?{query}" if query else path
            service._note(akun, method, where, headers, shown, code, message, spent)
        return (code if akun.http_status == "kode" else said.OK), answer

    def _answer(self, akun, method, path, headers, body):
        username = headers.get("x-username") or ""
        call = said.call_of(method, path)
        if call.service == "auth":
            return {"token": akun.token(self.env, username, headers.get("x-password") or "")}
        akun.check_token(self.env, username, headers.get("x-token") or "")
        values = call.said if method == "GET" else (said.body_of(body),)
        return getattr(self._at(akun), f"_{call.service}")(akun, call.version, *values)

    def _at(self, akun):
        """Return the service of a facility: it sees what is that clinic's."""
        return self.with_context(allowed_company_ids=[akun.company_id], lang="id_ID")

    def _note(self, akun, method, path, headers, body, code, message, spent):
        try:
            self.env["mobile.jkn.panggilan"]._note(
                akun.company_id,
                method,
                path,
                headers,
                body.decode(errors="replace") if body else "",
                code,
                message,
                spent,
            )
            self.env.cr.commit()  # pylint: disable=invalid-commit
        except psycopg2.Error:
            self.env.cr.rollback()
            _logger.exception("Mobile JKN: a call could not be noted")
