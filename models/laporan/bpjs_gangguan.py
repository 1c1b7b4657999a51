from odoo import api, fields, models

from ..faskes.bpjs_layanan import service_selection


class BpjsGangguan(models.Model):
    """One outage of one service of a clinic: from the probe that failed to the one that worked."""

    _name = "bpjs.gangguan"
    _description = "BPJS Outage"
    _order = "mulai_at desc, id desc"
    _rec_name = "mulai_at"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    layanan = fields.Selection(service_selection, "Service", required=True, readonly=True)
    jenis = fields.Selection(
        [("outage", "Unreachable"), ("misconfigured", "Settings refused")], "Kind", readonly=True
    )
    message = fields.Char("What Was Answered", readonly=True)
    mulai_at = fields.Datetime("From", required=True, readonly=True)
    selesai_at = fields.Datetime("To", readonly=True, help="Empty: it goes on.")

    _of_company = models.Index("(company_id, mulai_at)")


class BpjsLayanan(models.Model):
    _inherit = "bpjs.layanan"

    def _mark_down(self, outcome):
        was_down = self.down_since
        result = super()._mark_down(outcome)
        if not was_down:
            self.env["bpjs.gangguan"].sudo().create(
                {
                    "company_id": self.company_id.id,
                    "layanan": self.kode,
                    "jenis": self.down_kind,
                    "message": self.down_message,
                    "mulai_at": self.down_since,
                }
            )
        return result

    def _mark_up(self):
        was_down = self.down_since
        result = super()._mark_up()
        if was_down:
            self._end_outage()
        return result

    @api.ondelete(at_uninstall=False)
    def _end_outage(self):
        """An outage ends with the service, too: nobody probes it any more."""
        for layanan in self:
            of_service = [
                ("company_id", "=", layanan.company_id.id),
                ("layanan", "=", layanan.kode),
                ("selesai_at", "=", False),
            ]
            outages = self.env["bpjs.gangguan"].sudo().search(of_service)
            outages.selesai_at = self.env.cr.now()
