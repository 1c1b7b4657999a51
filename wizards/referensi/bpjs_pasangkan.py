from odoo import fields, models


class BpjsPasangkan(models.TransientModel):
    """Which room or doctor here is the one that only BPJS has: an administrator says so."""

    _name = "bpjs.pasangkan"
    _description = "Match with a BPJS Reference"

    referensi_id = fields.Many2one(
        "bpjs.referensi", "At BPJS", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="referensi_id.company_id")
    layanan = fields.Selection(related="referensi_id.layanan")
    jenis = fields.Selection(related="referensi_id.jenis")
    ruangan_id = fields.Many2one("antrean.ruangan", "Room", ondelete="cascade")
    dokter_id = fields.Many2one("antrean.dokter", "Doctor", ondelete="cascade")

    def action_match(self):
        """Write BPJS's code into the room or doctor, whatever code it had."""
        self.referensi_id._take_code(self.ruangan_id or self.dokter_id)
        return {"type": "ir.actions.act_window_close"}
