import logging

from werkzeug.exceptions import HTTPException

from odoo import SUPERUSER_ID
from odoo.http import Controller, Dispatcher, request, route

from ...bpjs import mobile_jkn as said
from ...models.mobile_jkn.ir_http import ROOT

_logger = logging.getLogger(__name__)


class MobileJknDispatcher(Dispatcher):
    """Plain JSON whatever is sent: no body is looked at before it is ours, no error has a page."""

    routing_type = "mobile_jkn"

    @classmethod
    def is_compatible_with(cls, _request):
        return True

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        if not isinstance(exc, HTTPException):
            _logger.error("Mobile JKN: a call could not be served", exc_info=exc)
        return _response(said.OK, said.answer(said.FAILED, said.OWN_ERROR))


class MobileJknController(Controller):
    @route(
        ROOT,
        type="mobile_jkn",
        auth="none",  # BPJS comes with a token of its own
        readonly=False,
        save_session=False,
        max_content_length=said.MAX_BODY,
    )
    def mobile_jkn(self):
        """Answer BPJS; `ir.http` leads all that is below the address here."""
        http = request.httprequest
        service = request.env["mobile.jkn"].with_user(SUPERUSER_ID)
        query = http.query_string.decode(errors="replace")
        status, answer = service._serve(http.method, http.path, query, http.headers, _read_body)
        return _response(status, answer)


def _read_body():
    """Return the bytes that were sent. Raises `Refused`."""
    try:
        return request.httprequest.get_data(cache=False)
    except HTTPException:
        raise said.Refused(said.TOO_LARGE) from None


def _response(status, answer):
    headers = [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store")]
    return request.make_response(answer, headers, status=status)
