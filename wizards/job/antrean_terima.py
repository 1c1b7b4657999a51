from odoo import api, fields, models

from ...jobs import registering


class AntreanTerima(models.TransientModel):
    """What staff see at Terima while BPJS does not have the visit: their choice, and its price."""

    _name = "antrean.terima"
    _description = "Accept a BPJS Queue Entry"

    antrean_id = fields.Many2one(
        "antrean.antrean", required=True, readonly=True, ondelete="cascade"
    )
    nomor_antrean = fields.Char(related="antrean_id.nomor_antrean", related_sudo=False)
    pasien_id = fields.Many2one(related="antrean_id.pasien_id", related_sudo=False)
    status_pendaftaran_pcare = fields.Selection(
        related="antrean_id.status_pendaftaran_pcare", related_sudo=False
    )
    error_pendaftaran_pcare = fields.Char(
        related="antrean_id.error_pendaftaran_pcare", related_sudo=False
    )
    status_tambah_antrean_fktp = fields.Selection(
        related="antrean_id.status_tambah_antrean_fktp", related_sudo=False
    )
    error_tambah_antrean_fktp = fields.Char(
        related="antrean_id.error_tambah_antrean_fktp", related_sudo=False
    )
    cause_pendaftaran_pcare = fields.Char(compute="_compute_cause")
    cause_tambah_antrean_fktp = fields.Char(compute="_compute_cause")
    bpjs_advice = fields.Char(related="antrean_id.bpjs_advice", related_sudo=False)
    can_resend_pcare = fields.Boolean(related="antrean_id.can_resend_pcare", related_sudo=False)

    @api.depends("antrean_id.job_ids.galat_id")
    def _compute_cause(self):
        """Say after BPJS's own words what they mean, and who does what about it."""
        for wizard in self:
            for kind in registering():
                job = wizard.antrean_id._job(kind.name)
                wizard[f"cause_{kind.name}"] = job.galat_id._summary()

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
