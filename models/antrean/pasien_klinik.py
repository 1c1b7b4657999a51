from odoo import api, fields, models

from .res_partner import NUMBERS


class ResCompany(models.Model):
    _inherit = "res.company"

    antrean_pasien_bersama = fields.Boolean(
        "Share Patients",
        help="Patients who are entered here are seen by staff of all clinics in this database, "
        "with their NIK and card number. Otherwise only here.",
    )

    def _is_one_of_several(self):
        return self.sudo().search_count([], limit=2) > 1


class ResPartner(models.Model):
    """Whose patient somebody is: of the clinic that enters them. Odoo's own rule for contacts then
    keeps others from reading them. A contact without a company is everybody's.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        company = self.env.company
        if not company.antrean_pasien_bersama and company._is_one_of_several():
            vals_list = [
                vals | {"company_id": company.id} if self._is_new_patient(vals) else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _is_new_patient(self, vals):
        is_patient = self.env.context.get("antrean_pasien") or any(map(vals.get, NUMBERS))
        return is_patient and not vals.get("company_id")
