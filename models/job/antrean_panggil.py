from odoo import api, fields, models
from odoo.exceptions import LockError


class AntreanAntrean(models.Model):
    """Telling Antrean FKTP of a call."""

    _inherit = "antrean.antrean"

    dipanggil_di_bpjs = fields.Boolean(
        "Called at BPJS",
        compute="_compute_dipanggil_di_bpjs",
        help="BPJS was told of a call that was taken back since; it takes back none.",
    )

    @api.depends("state", "job_ids.state", "job_ids.outcome")
    def _compute_dipanggil_di_bpjs(self):
        for entry in self:
            call = entry.sudo()._job("panggil_antrean_fktp")
            entry.dipanggil_di_bpjs = entry.state == "menunggu" and call._may_have_arrived()

    def _note_call(self, is_present):
        result = super()._note_call(is_present)
        for entry in self.sudo().filtered(lambda entry: entry._job("tambah_antrean_fktp")):
            job = entry._job("panggil_antrean_fktp")
            if job.state == "sending":
                raise LockError(
                    self.env._(
                        "BPJS is being told of the last call of queue %s. Try again in a moment.",
                        entry.nomor_antrean,
                    )
                )
            entry._tell_call()
        self.env["bpjs.engine"].sudo()._wake()
        return result

    def _tell_call(self):
        if job := self._job("panggil_antrean_fktp"):
            job._send_anew()
        else:
            self._job("tambah_antrean_fktp")._line_up("panggil_antrean_fktp")

    def _ensure_jobs(self):
        """Who was called while BPJS was not owed the visit: it is told of that as well."""
        result = super()._ensure_jobs()
        for entry in self.filtered("dipanggil_at"):
            call = entry._job("panggil_antrean_fktp")
            if not call or call.state == "cancelled":
                entry._tell_call()
        return result

    def _undo_call(self):
        """What BPJS was told of stays there until the next call, which tells it anew; what it was
        not told of is not told.
        """
        result = super()._undo_call()
        call = self.sudo()._job("panggil_antrean_fktp")
        call.filtered(lambda job: job.state in ("pending", "unknown"))._cancel()
        return result

    def _undo_told(self):
        told = super()._undo_told()
        if self.dipanggil_di_bpjs:
            told["params"]["message"] += self.env._(
                ". BPJS was told of the call, and counts the patient as called until they are "
                "called again."
            )
        return told
