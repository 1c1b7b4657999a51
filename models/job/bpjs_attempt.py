import json

from odoo import api, fields, models

from ...bpjs.answer import Answer
from ...bpjs.masking import masked
from ..faskes.bpjs_jalur import VIA


class BpjsAttempt(models.Model):
    """One HTTP exchange of a job: written before the request leaves, completed by its answer."""

    _name = "bpjs.attempt"
    _description = "BPJS Attempt"
    _order = "id desc"

    job_id = fields.Many2one(
        "bpjs.job", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="job_id.company_id", store=True, precompute=True)
    started_at = fields.Datetime(
        required=True, readonly=True, default=lambda self: self.env.cr.now()
    )
    duration_ms = fields.Integer("Duration (ms)", readonly=True)
    jalur = fields.Selection(
        VIA, "Way", readonly=True, help="On which way it was sent; empty: directly to BPJS."
    )
    method = fields.Char(readonly=True)
    path = fields.Char(readonly=True)
    request = fields.Text(readonly=True)
    http_status = fields.Integer("HTTP Status", readonly=True)
    code = fields.Integer(readonly=True)
    answer = fields.Text(readonly=True)
    outcome = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    message = fields.Char(readonly=True)

    _created = models.Index("(company_id, create_date)")

    @api.autovacuum
    def _gc_attempts(self):
        """Remove what is older than its facility keeps."""
        return self.env["bpjs.faskes"]._remove_old(self, "create_date")

    def _keep(self, exchanges, outcome):
        """Complete the attempt with the first exchange, add one for each that followed."""
        if not exchanges:
            return self.write(self.job_id._outcome_vals(outcome))
        self.write(self._exchange_vals(exchanges[0]))
        same = {"job_id": self.job_id.id, "jalur": self.jalur}
        self.create([same | self._exchange_vals(other) for other in exchanges[1:]])

    def _request_vals(self, request):
        return {
            "method": request.method,
            "path": masked(request.path),
            "request": request.body and masked(json.dumps(request.body, ensure_ascii=False)),
        }

    def _exchange_vals(self, exchange):
        """Return the values that keep a `jobs.Exchange`, without card numbers, NIKs and phones."""
        vals = self._request_vals(exchange.request) | {
            "started_at": exchange.started_at,
            "duration_ms": round(exchange.seconds * 1000),
            **self.job_id._outcome_vals(exchange.outcome),
        }
        if isinstance(exchange.result, Answer):
            answer = exchange.result
            vals |= {
                "http_status": answer.http_status,
                "code": answer.code,
                "answer": masked(json.dumps(answer.response, ensure_ascii=False)),
            }
        return vals
