from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BpjsFaskes(models.Model):
    _inherit = "bpjs.faskes"

    jumlah_peserta = fields.Integer(
        "Registered Members",
        help="How many members BPJS has registered with this clinic: the contact rate is counted "
        "per thousand of them.",
    )

    @api.constrains("jumlah_peserta")
    def _check_jumlah_peserta(self):
        if any(faskes.jumlah_peserta < 0 for faskes in self):
            raise ValidationError(self.env._("There cannot be less than no members."))
