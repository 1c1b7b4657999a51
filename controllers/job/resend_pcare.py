import logging
import re

from werkzeug.exceptions import HTTPException, Unauthorized

from odoo import http
from odoo.exceptions import AccessDenied, AccessError, MissingError, UserError
from odoo.http import request

from ...models.antrean.res_partner import PETUGAS

_logger = logging.getLogger(__name__)

RECORD_ID = re.compile("[0-9]{1,10}")
HTTP_STATUS = {"success": 200, "failed": 200, "incomplete": 422, "error": 502}


class ResendPcareController(http.Controller):
    @http.route(
        "/antrian_ruangan/resend-pcare/<antrean_id>",
        type="http",
        auth="none",  # a refusal must be JSON, too: see _authenticate
        csrf=False,  # JSON only, which another site cannot have a browser send
        readonly=False,
        save_session=False,
    )
    def resend_pcare(self, antrean_id):
        """Resend to BPJS what it does not have of a queue entry; documented in docs/api.md."""
        try:
            self._check_request()
            self._authenticate()
            result = self._find(antrean_id)._resend_pcare()
        except AccessDenied:
            return _answer(401, "error", request.env._("The API key is not valid."))
        except HTTPException as error:
            return _answer(error.code, "error", error.description)
        except UserError as error:
            return _answer(error.http_status, "error", str(error))
        except Exception:
            _logger.exception("Queue entry %s could not be resent", antrean_id)
            return _answer(500, "error", request.env._("Internal error. Tell an administrator."))
        return request.make_json_response(result, status=HTTP_STATUS[result["status"]])

    @staticmethod
    def _check_request():
        if request.httprequest.method != "POST":
            raise _refusal(405, request.env._("Use POST."))
        if request.httprequest.mimetype != "application/json":
            raise _refusal(415, request.env._("Send JSON: Content-Type application/json."))

    @staticmethod
    def _authenticate():
        """Take the API key where one is sent, else the web session."""
        if "Authorization" in request.httprequest.headers:
            request.env["ir.http"]._auth_method_bearer()
        elif request.session.uid:
            request.update_env(user=request.session.uid)
        else:
            raise Unauthorized(request.env._("Log in, or send an API key as a Bearer token."))
        request.update_context(**request.env["res.users"].context_get())

    @staticmethod
    def _find(antrean_id):
        if not request.env.user.has_group(PETUGAS):
            raise AccessError(request.env._("Only queue staff may resend."))
        number = int(antrean_id) if RECORD_ID.fullmatch(antrean_id) else 0
        antrean = request.env["antrean.antrean"].search([("id", "=", number)])
        if not antrean:
            raise MissingError(request.env._("There is no queue entry %s.", antrean_id[:20]))
        return antrean


def _refusal(code, text):
    error = HTTPException(text)
    error.code = code
    return error


def _answer(http_status, status, message):
    return request.make_json_response({"status": status, "message": message}, status=http_status)
