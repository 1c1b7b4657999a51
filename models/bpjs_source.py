from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..bpjs.outcome import PATIENT, REJECTED
from .bpjs_job import INCOMPLETE

REFUSED = (REJECTED, PATIENT, INCOMPLETE)  # nothing of it is at BPJS, and only new data helps


class BpjsSource(models.AbstractModel):
    """A record that requests to BPJS are made of: changing it may mend what was refused."""

    _name = "bpjs.source"
    _description = "Source of BPJS Requests"
    _antrean_path = ""  # leads from a queue entry to such a record
    _bpjs_answers = frozenset()  # fields with BPJS's own answer, which mends nothing

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - self._bpjs_answers:
            made_of_it = Domain(f"antrean_id.{self._antrean_path}", "in", self.ids)
            self.env["bpjs.job"].sudo()._reopen_refused(made_of_it)
        return result


class BpjsJob(models.Model):
    _inherit = "bpjs.job"

    def _settle(self, attempt, exchanges, outcome):
        """The data may have changed while BPJS was still refusing the old ones."""
        result = super()._settle(attempt, exchanges, outcome)
        self._reopen_changed()
        return result

    @api.model
    def _reopen_refused(self, domain):
        """Look, among these, for refused jobs that would now send something else."""
        yesterday = fields.Date.today() - timedelta(days=1)  # may be today at a facility
        lately = Domain("antrean_id.tanggal", ">=", yesterday)
        self.search(domain & lately & Domain("state", "=", "failed"))._reopen_changed()

    def _reopen_changed(self):
        """Send refused jobs again, by themselves, where they would now send something else."""
        self.filtered(lambda job: job._is_refused() and job._is_changed())._reopen()

    def _is_refused(self):
        """Whether BPJS would take this if only it were right: entries of past days are over."""
        return (
            self.state == "failed"
            and self.outcome in REFUSED
            and self.antrean_id.tanggal >= self.company_id._antrean_today()
            and self._type().is_wanted(self.antrean_id)
        )

    def _is_changed(self):
        request, missing = self._prepare()
        return missing != self.message if missing else request.as_dict() != self.request
