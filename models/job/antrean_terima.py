from odoo import fields, models


class AntreanAntrean(models.Model):
    """Accepting a queue entry that BPJS does not have."""

    _inherit = "antrean.antrean"

    diterima_gagal_uid = fields.Many2one(
        "res.users", "Accepted Despite BPJS by", readonly=True, copy=False
    )
    diterima_gagal_at = fields.Datetime("Accepted Despite BPJS at", readonly=True, copy=False)
    diterima_gagal_error = fields.Text("BPJS Errors at Acceptance", readonly=True, copy=False)

    def action_terima(self):
        """Accept at once, or first let staff see what BPJS does not have."""
        for entry in self.filtered("is_bpjs"):
            if {"gagal", "processing"} & {badge["status"] for badge in entry._badges()}:
                return self.env["antrean.terima"]._open(entry)
        return super().action_terima()

    def _accept_despite_bpjs(self):
        """Accept, and keep who did so, when and despite what."""
        errors = [f"{job._type().letter}: {job.message}" for job in self._failed_jobs()]
        if errors:
            self._write_by_action(
                {
                    "diterima_gagal_uid": self.env.uid,
                    "diterima_gagal_at": fields.Datetime.now(),
                    "diterima_gagal_error": "\n".join(errors),
                }
            )
        self._terima()
