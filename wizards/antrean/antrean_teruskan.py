from odoo import api, fields, models


class AntreanTeruskan(models.TransientModel):
    """What staff are asked at Teruskan: the room that the patient goes to next."""

    _name = "antrean.teruskan"
    _description = "Send a Patient On"

    antrean_id = fields.Many2one(
        "antrean.antrean", required=True, readonly=True, ondelete="cascade"
    )
    nomor_antrean = fields.Char(related="antrean_id.nomor_antrean", related_sudo=False)
    pasien_id = fields.Many2one(related="antrean_id.pasien_id", related_sudo=False)
    company_id = fields.Many2one(related="antrean_id.company_id", related_sudo=False)
    asal_ruangan_id = fields.Many2one(
        related="antrean_id.ruangan_id", related_sudo=False, string="From Room"
    )
    ruangan_id = fields.Many2one(
        "antrean.ruangan",
        "Room",
        required=True,
        domain="[('company_id', '=', company_id), ('id', '!=', asal_ruangan_id)]",
    )

    sudah_antre = fields.Char("In the Queue Already", compute="_compute_sudah_antre")

    @api.depends("ruangan_id")
    def _compute_sudah_antre(self):
        for wizard in self:
            entries = self.env["antrean.antrean"].with_company(wizard.company_id)
            entry = entries.new(wizard.antrean_id._lanjutan(wizard.ruangan_id))
            wizard.sudah_antre = entry.sudah_antre

    def _open(self, antrean):
        antrean.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Queue %s On", antrean.nomor_antrean),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_antrean_id": antrean.id, "dialog_size": "medium"},
        }

    def action_teruskan(self):
        """Send on, and tell the number there: the patient wants to know it."""
        entry = self.antrean_id._teruskan(self.ruangan_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": f"{entry.nomor_antrean} · {entry.ruangan_id.name}",
                "message": self.env._(
                    "%(patient)s goes on from %(number)s.",
                    patient=entry.pasien_id.name,
                    number=self.nomor_antrean,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
