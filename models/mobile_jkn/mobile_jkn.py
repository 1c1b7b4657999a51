import logging
import time

import psycopg2

from odoo import SUPERUSER_ID, models

from ...bpjs import mobile_jkn as said
from ...database import in_transaction
from .ir_http import ROOT

_logger = logging.getLogger(__name__)


class MobileJkn(models.AbstractModel):
    """The clinic's own web service, which BPJS calls for Mobile JKN (BPJS catalogue, WS FKTP).

    Each service is a method named after it, which returns the `response`, or raises `Refused`.
    """

    _name = "mobile.jkn"
    _description = "Web Service for Mobile JKN"

    def _serve(self, method, path, query, headers, read_body):
        """Answer a call in transactions of its own; whatever happens, it is an answer.

        :param read_body: gives the bytes that were sent; may raise `Refused`
        :returns: HTTP status, body
        :rtype: tuple[int, bytes]
        """
        begun, body = time.monotonic(), b""
        service = self.with_user(SUPERUSER_ID)
        kd_provider, _slash, path = path.removeprefix(ROOT).strip("/").partition("/")
        faskes, code, message, response = service.env["bpjs.faskes"], said.FAILED, "", None
        try:
            faskes = faskes._of_mobile_jkn(kd_provider)
            service = service._at(faskes)
            body = read_body()
            code, message = said.OK, "Ok"
            response = in_transaction(
                service.env, service._answer, faskes, method, path, headers, body
            )
        except said.Refused as refusal:
            code, message = refusal.code, refusal.message
        except Exception:
            _logger.exception("Mobile JKN: a call of %s failed", kd_provider[:8])
            code, message = said.FAILED, said.OWN_ERROR
        answer = said.answer(code, message, response)
        self.env.cr.rollback()  # what was refused leaves nothing behind
        if faskes:
            shown = "" if code == said.FAILED and message == said.TOKEN else body
            spent = round((time.monotonic() - begun) * 1000)
            where = f"{path}?{query}" if query else path
            service._note(faskes, method, where, headers, shown, code, message, spent)
        return (code if faskes.mobile_jkn_http == "kode" else said.OK), answer

    def _at(self, faskes):
        """Return the service of a facility: it sees what is that clinic's."""
        company = faskes.company_id
        return self.with_company(company).with_context(
            allowed_company_ids=company.ids, lang="id_ID"
        )

    def _answer(self, faskes, method, path, headers, body):
        username = headers.get("x-username") or ""
        call = said.call_of(method, path)
        if call.service == "auth":
            token = faskes._mobile_jkn_token(username, headers.get("x-password") or "")
            return {"token": token}
        faskes._check_mobile_jkn_token(username, headers.get("x-token") or "")
        values = call.said if method == "GET" else (said.body_of(body),)
        return getattr(self, f"_{call.service}")(faskes, call.version, *values)

    def _note(self, faskes, method, path, headers, body, code, message, spent):
        try:
            self.env["mobile.jkn.panggilan"]._note(
                faskes.company_id.id,
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
