from odoo import fields, models


class AntreanAntrean(models.Model):
    """When a patient was accepted and when done: what serving took."""

    _inherit = "antrean.antrean"

    diterima_at = fields.Datetime("Accepted at", readonly=True, copy=False)
    selesai_at = fields.Datetime("Done at", readonly=True, copy=False)

    def write(self, vals):
        if "state" not in vals or not self.env.su:
            return super().write(vals)
        now, moments = fields.Datetime.now(), {}
        if vals["state"] == "diterima":
            moments = {"diterima_at": now, "selesai_at": False}
        elif vals["state"] == "selesai":
            moments = {"selesai_at": now}
        elif vals["state"] in ("menunggu", "dipanggil"):
            moments = {"diterima_at": False, "selesai_at": False}
        return super().write(vals | moments)
