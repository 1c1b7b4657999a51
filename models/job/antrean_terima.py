from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AntreanAntrean(models.Model):
    """Accepting a queue entry that BPJS does not have."""

    _inherit = "antrean.antrean"

    diterima_gagal_uid = fields.Many2one(
        "res.users", "Accepted Despite BPJS by", readonly=True, copy=False
    )
    diterima_gagal_at = fields.Datetime("Accepted Despite BPJS at", readonly=True, copy=False)
    diterima_gagal_error = fields.Text("BPJS Errors at Acceptance", readonly=True, copy=False)
    alasan_terima = fields.Char("Reason of Acceptance", readonly=True, copy=False)

    def action_terima(self):
        """Accept at once, or first let staff see what BPJS does not have."""
        for entry in self.filtered("is_bpjs"):
            if {"gagal", "processing"} & {badge["status"] for badge in entry._badges()}:
                return self.env["antrean.terima"]._open(entry)
        return super().action_terima()

    def _accept_despite_bpjs(self, alasan):
        """Accept, and keep who did so, when, why and despite what.

        :param str alasan: why; nobody is accepted without, despite a failure
        """
        errors = [f"{job._type().letter}: {job.message}" for job in self._failed_jobs()]
        if errors:
            self._write_by_action(
                {
                    "diterima_gagal_uid": self.env.uid,
                    "diterima_gagal_at": fields.Datetime.now(),
                    "diterima_gagal_error": "\n".join(errors),
                    "alasan_terima": alasan,
                }
            )
        return self._terima()

    @api.constrains("diterima_gagal_uid", "alasan_terima")
    def _check_alasan_terima(self):
        for entry in self.filtered("diterima_gagal_uid"):
            alasan = entry.alasan_terima or ""
            if not alasan.strip():
                raise ValidationError(
                    self.env._(
                        "BPJS does not have the visit of queue %s, so say why the patient is "
                        "accepted all the same. Choose a reason, or write it in a few words.",
                        entry.nomor_antrean,
                    )
                )
            self._check_length(alasan)

    def _undo_acceptance(self):
        result = super()._undo_acceptance()
        self._write_by_action(
            {
                "diterima_gagal_uid": False,
                "diterima_gagal_at": False,
                "diterima_gagal_error": False,
                "alasan_terima": False,
            }
        )
        return result
