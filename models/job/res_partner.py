from odoo import fields, models

from ...tools import kd_provider
from ..antrean.res_partner import PETUGAS


class ResPartner(models.Model):
    """The clinic that BPJS has a patient registered with."""

    _name = "res.partner"
    _inherit = ["res.partner", "bpjs.source"]
    _antrean_path = "pasien_id"
    _bpjs_codes = {"kd_provider_peserta": kd_provider}

    kd_provider_peserta = fields.Char(
        "Registered Clinic Code",
        groups=PETUGAS,
        help="Code of the clinic at which BPJS has the member registered (kdProviderPst).",
    )
