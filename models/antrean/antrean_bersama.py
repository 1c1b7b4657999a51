from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError


class AntreanBersama(models.AbstractModel):
    """What the addon brings belongs to all clinics of a database, what is made in one to that one.

    What belongs to all is changed only by who works for all, so that no clinic's administrator
    changes what another clinic's staff see.
    """

    _name = "antrean.bersama"
    _description = "Shared by Clinics"

    company_id = fields.Many2one(
        "res.company",
        "Clinic",
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        default=lambda self: not self.env.context.get("install_mode") and self.env.company,
        help="Empty: it belongs to all clinics.",
    )

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        if refused or operation == "read" or self.env.su or self._works_for_all():
            return refused
        shared = self.sudo().filtered(lambda record: not record.company_id).with_env(self.env)
        return (shared, partial(_is_shared, shared)) if shared else None

    def _works_for_all(self):
        companies = self.env["res.company"].sudo()
        others = [("id", "not in", self.env.user.company_ids.ids)]
        return not companies.search_count(others, limit=1)

    @api.constrains("company_id")
    def _check_company_id(self):
        """Refuse to give to another clinic, or to all, what the user could not change there."""
        self.sudo(False).check_access("write")

    @api.model
    def _domain_of(self, company):
        """Return what finds the records that a clinic uses."""
        return [("company_id", "in", (False, company.id))]


def _is_shared(records):
    return AccessError(
        records.env._(
            "“%s” belongs to all clinics of this database, so only who works for all of them can "
            "change it. Create one for your own clinic instead.",
            records[:1].sudo().display_name,
        )
    )
