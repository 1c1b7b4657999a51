from odoo import api, models
from odoo.exceptions import UserError

from .bpjs_source import as_kd_provider


class BpjsFaskes(models.Model):
    _name = "bpjs.faskes"
    _inherit = ["bpjs.faskes", "bpjs.source"]
    _antrean_path = "company_id.bpjs_faskes_ids"
    _bpjs_codes = {"kd_provider": as_kd_provider}

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        """Without the account nothing is sent that waits, nor taken back what BPJS has."""
        jobs = self.env["bpjs.job"].sudo()
        for faskes in self:
            company = faskes.company_id
            of_company = [("company_id", "=", company.id), ("state", "!=", "cancelled")]
            if used := jobs.search_count(of_company):
                raise UserError(
                    self.env._(
                        "The BPJS account of %(company)s cannot be deleted. %(waiting)s of its "
                        "%(used)s jobs wait to be sent with it, and without it BPJS could be told "
                        "of no call and no cancel any more. Change the account here instead.",
                        company=company.name,
                        waiting=faskes.layanan_ids._count_waiting(),
                        used=used,
                    )
                )
