from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .res_partner import NUMBERS


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts who are patients, whoever does it: Odoo's wizard moves their visits by SQL,
    and takes over only those fields that the user may read.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        (dst_partner + src_partners).sudo()._check_mergeable()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        dst_partner.sudo()._check_company_of_visits()  # which are the other's now
        return result

    @api.model
    def _update_values(self, src_partners, dst_partner):
        dst_partner.sudo()._take_identity(src_partners.sudo())
        result = super()._update_values(src_partners, dst_partner)
        dst_partner._visits_ahead()._notify_board()
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _identity_fields(self):
        """Return the names of what says who a patient is: of each, a person has one."""
        return [*NUMBERS, "tanggal_lahir", "jenis_kelamin"]

    def _check_mergeable(self):
        names = " / ".join(patient.name or "" for patient in self)
        for name in self._identity_fields():
            if len(set(filter(None, self.mapped(name)))) > 1:
                raise UserError(
                    self.env._(
                        "%(patients)s: “%(field)s” differs. Find out which one is right, have "
                        "queue staff empty it in the other contact, then merge them again.",
                        patients=names,
                        field=self._fields[name]._description_string(self.env),
                    )
                )
        for (room, day), visits in (
            self._visits_ahead().grouped(lambda visit: (visit.ruangan_id, visit.tanggal)).items()
        ):
            if len(visits.pasien_id) > 1:
                raise UserError(
                    self.env._(
                        "%(patients)s: both are in the queue of %(room)s on %(day)s, with "
                        "%(numbers)s. Have queue staff cancel all but one of these, then merge "
                        "the contacts again.",
                        patients=names,
                        room=room.name,
                        day=format_date(self.env, day),
                        numbers=", ".join(visits.mapped("nomor_antrean")),
                    )
                )

    def _take_identity(self, others):
        """Take over what says who the others are, where it is not known of this patient."""
        vals = {
            name: next(filter(None, others.mapped(name)), False)
            for name in self._identity_fields()
            if not self[name]
        }
        others.write(dict.fromkeys(NUMBERS, False))
        self.write(vals)

    def _visits_ahead(self):
        """Return what these patients have in any queue of today or later."""
        visits = self.env["antrean.antrean"].sudo()
        lately = Domain("tanggal", ">=", self.env["res.company"]._antrean_earliest_today())
        theirs = Domain("pasien_id", "in", self.ids) & Domain("state", "!=", "batal")
        return visits.search(theirs & lately).filtered(
            lambda visit: visit.tanggal >= visit.company_id._antrean_today()
        )
