from odoo import api, fields, models

from ..antrean.res_partner import PETUGAS, as_kept
from .bpjs_source import as_kd_provider


class ResPartner(models.Model):
    """The clinic that BPJS has a patient registered with."""

    _name = "res.partner"
    _inherit = ["res.partner", "bpjs.source"]
    _antrean_path = "pasien_id"
    _bpjs_codes = {"kd_provider_peserta": as_kd_provider}

    kd_provider_peserta = fields.Char(
        "Registered Clinic Code",
        groups=PETUGAS,
        copy=False,
        help="Code of the clinic at which BPJS has the member registered (kdProviderPst).",
    )

    def write(self, vals):
        """Have BPJS asked anew for the clinic of another card, unless it is told with the card."""
        if "no_kartu_bpjs" in vals and "kd_provider_peserta" not in vals:
            card = as_kept("no_kartu_bpjs", vals["no_kartu_bpjs"] or "")
            self.filtered(
                lambda patient: patient.no_kartu_bpjs and patient.no_kartu_bpjs != card
            ).kd_provider_peserta = False
        return super().write(vals)

    def _identity_fields(self):
        return [*super()._identity_fields(), "kd_provider_peserta"]


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """Visits that were moved by SQL are the other patient's now: BPJS may take what it refused,
        or have been told otherwise.
        """
        result = super()._update_values(src_partners, dst_partner)
        dst_partner.sudo()._visits_ahead()._source_changed()
        return result
