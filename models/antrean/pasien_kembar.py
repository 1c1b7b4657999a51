from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...database import look_again, take_turns
from .res_partner import NUMBERS, PETUGAS, as_kept


class ResPartner(models.Model):
    """One person, one record: no two patients have one number.

    That holds among those who share them: contacts of one company, and contacts without, archived
    ones, too. A contact that whoever acts may not see is neither told of nor in the way.
    """

    _inherit = "res.partner"

    # Another patient who has one of these numbers: {"id", "name", "active", "text"}, or False.
    pasien_sama = fields.Json("Same Person", compute="_compute_pasien_sama", groups=PETUGAS)
    nomor_ganda = fields.Boolean(
        "Shares a Number", store=False, search="_search_nomor_ganda", groups=PETUGAS
    )

    @api.depends(*NUMBERS, "company_id")
    def _compute_pasien_sama(self):
        self.pasien_sama = False
        for name in NUMBERS:
            for patient, other in self._same(name):
                patient.pasien_sama = patient.pasien_sama or {
                    "id": other.id,
                    "name": other.name,
                    "active": other.active,
                    "text": other._text_of_same(name),
                }

    @api.constrains("nik", "company_id")
    def _check_same_nik(self):
        self._check_same("nik")

    @api.constrains("no_kartu_bpjs", "company_id")
    def _check_same_no_kartu_bpjs(self):
        self._check_same("no_kartu_bpjs")

    @api.constrains("no_rekam_medis", "company_id")
    def _check_same_no_rekam_medis(self):
        self._check_same("no_rekam_medis")

    def _check_same(self, name):
        """Refuse a number that another patient has, also one whom somebody enters right now.

        No index could tell who shares contacts, and PostgreSQL would print the number into the log.
        """
        numbers = self._numbers(name)
        if not numbers:
            return
        take_turns(self.env.cr, [f"{name} {number}" for number in numbers])
        look_again(self._contacts(), [(name, "in", numbers)], name)
        for _patient, other in self._same(name):
            raise ValidationError(other._text_of_same(name))

    def _same(self, name):
        """Yield each of these patients with the first other who has the same number."""
        found = self._contacts().search([(name, "in", self._numbers(name))], order="id")
        if self.env.user.has_group(PETUGAS):  # else the system acts, or somebody moves contacts
            found = found.sudo(False)._filtered_access("read").sudo()
        by_number = found.grouped(name)
        for patient in self:
            others = by_number.get(as_kept(name, patient.sudo()[name] or ""), found.browse())
            for other in others.filtered(patient.sudo()._may_be_shared_with)[:1]:
                yield patient, other

    def _numbers(self, name):
        """Return the numbers of these patients, also those just being typed."""
        return [
            number for text in self.sudo().mapped(name) if (number := as_kept(name, text or ""))
        ]

    def _contacts(self):
        return self.env["res.partner"].sudo().with_context(active_test=False)

    def _may_be_shared_with(self, other):
        """Whether this is another patient, and somebody may see both."""
        ours, theirs = self.company_id, other.company_id
        return other != self._origin and (
            not ours or not theirs or ours in theirs.parent_ids or theirs in ours.parent_ids
        )

    def _text_of_same(self, name):
        label = self._fields[name]._description_string(self.env)
        is_visible = self.sudo(False).has_access("read")
        patient = self.name if is_visible else self.env._("Another patient")
        if self.active:
            return self.env._(
                "%(patient)s already has this %(number)s. Open that patient instead. If this is "
                "somebody else, compare the number with the card.",
                patient=patient,
                number=label,
            )
        return self.env._(
            "%(patient)s, who is archived, already has this %(number)s. Open that patient and "
            "bring them back. If this is somebody else, compare the number with the card.",
            patient=patient,
            number=label,
        )

    @api.model
    def _search_nomor_ganda(self, operator, value):
        """Find who shares a number with another whom the user may see, too."""
        if operator != "in":
            return NotImplemented
        contacts = self.with_context(active_test=False)
        of_several = [
            contacts.browse(ids).sudo()
            for name in NUMBERS
            for _number, ids in contacts._read_group(
                [(name, "!=", False)], [name], ["id:array_agg"], having=[("__count", ">", 1)]
            )
        ]
        found = contacts.browse(
            patient.id
            for group in of_several
            for patient in group
            if group.filtered(patient._may_be_shared_with)
        )
        return Domain("id", "in" if True in value else "not in", found.ids)
