from odoo import api, fields, models


class AntreanTerima(models.TransientModel):
    """What staff see at Terima while BPJS does not have the visit: their choice, and its price."""

    _name = "antrean.terima"
    _description = "Accept a BPJS Queue Entry"

    antrean_id = fields.Many2one(
        "antrean.antrean", required=True, readonly=True, ondelete="cascade"
    )
    nomor_antrean = fields.Char(related="antrean_id.nomor_antrean", related_sudo=False)
    pasien_id = fields.Many2one(related="antrean_id.pasien_id", related_sudo=False)
    bpjs_badges = fields.Json(related="antrean_id.bpjs_badges", related_sudo=False)
    # A list of {job_type, label, message, cause: what that means and who does what}, or False.
    bpjs_failures = fields.Json("Failed at BPJS", compute="_compute_bpjs_failures")
    bpjs_advice = fields.Char(related="antrean_id.bpjs_advice", related_sudo=False)
    can_resend_pcare = fields.Boolean(related="antrean_id.can_resend_pcare", related_sudo=False)

    @api.depends("antrean_id")
    @api.depends_context("lang")
    def _compute_bpjs_failures(self):
        for wizard in self:
            wizard.bpjs_failures = [
                {
                    "job_type": job.job_type,
                    "label": job._type().label,
                    "message": job.message or "",
                    "cause": job.galat_id._summary(),
                }
                for job in wizard.antrean_id._failed_jobs()
            ]

    def _open(self, antrean):
        return self.create({"antrean_id": antrean.id})._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept Queue %s", self.nomor_antrean),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_terima(self):
        self.antrean_id._accept_despite_bpjs()
        return {"type": "ir.actions.act_window_close"}

    def action_resend(self):
        """Resend, tell how it went, and show the entry as it is then."""
        notification = self.antrean_id._resend_notification()
        notification["params"]["next"] = self._reopen()
        return notification
