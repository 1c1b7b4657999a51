from odoo import fields, models

ALASAN = {  # as BPJS is told; another reason is told in the words of the staff
    "permintaan": "Permintaan pasien",
    "tidak_hadir": "Pasien tidak hadir",
    "salah_daftar": "Salah daftar",
}


class AntreanBatal(models.TransientModel):
    """What staff are asked at Batalkan: the reason, of which BPJS is told, too."""

    _name = "antrean.batal"
    _description = "Cancel a Queue Entry"

    antrean_id = fields.Many2one(
        "antrean.antrean", required=True, readonly=True, ondelete="cascade"
    )
    nomor_antrean = fields.Char(related="antrean_id.nomor_antrean", related_sudo=False)
    pasien_id = fields.Many2one(related="antrean_id.pasien_id", related_sudo=False)
    alasan = fields.Selection(
        [
            ("permintaan", "Patient's wish"),
            ("tidak_hadir", "Did not come"),
            ("salah_daftar", "Registered by mistake"),
            ("lainnya", "Other reason"),
        ],
        "Reason",
        required=True,
    )
    alasan_lain = fields.Char("Other Reason")

    def _open(self, antrean):
        antrean.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Queue %s", antrean.nomor_antrean),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_antrean_id": antrean.id,
                "default_alasan": "tidak_hadir" if antrean.tidak_hadir else False,
                "dialog_size": "medium",
            },
        }

    def action_batalkan(self):
        """Cancel. BPJS takes back nobody whom it takes for served: it learns who did not come."""
        if self.alasan == "tidak_hadir" and self.antrean_id.state == "dipanggil":
            self.antrean_id.action_tidak_hadir()
        self.antrean_id._batalkan(ALASAN.get(self.alasan) or self.alasan_lain)
        return {"type": "ir.actions.act_window_close"}
