from odoo import models
from odoo.exceptions import LockError


class AntreanAntrean(models.Model):
    """Telling Antrean FKTP of a call."""

    _inherit = "antrean.antrean"

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
            if job:
                job._send_anew()
            else:
                entry._job("tambah_antrean_fktp")._line_up("panggil_antrean_fktp")
        self.env["bpjs.engine"].sudo()._wake()
        return result
