import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

PETUGAS = "antrean_bpjs.group_antrean_petugas"
IDENTITY_NUMBERS = {"nik": 16, "no_kartu_bpjs": 13}  # and their digits


def without_separators(text):
    """Drop the blanks, dots and hyphens with which people write identity numbers."""
    return re.sub(r"[\s.-]", "", text)


def identity_number(text):
    """Return which of a patient's numbers a text is, and that number; False, False for others."""
    number = without_separators(text) if isinstance(text, str) else ""
    for name, length in IDENTITY_NUMBERS.items():
        if _has_digits(number, length):
            return name, number
    return False, False


def _has_digits(text, length):
    return bool(re.fullmatch(rf"[0-9]{{{length}}}", text))


class ResPartner(models.Model):
    """A patient: who they are, by the numbers on their cards."""

    _inherit = "res.partner"

    nik = fields.Char("NIK", index="btree_not_null", groups=PETUGAS, copy=False)
    no_kartu_bpjs = fields.Char(
        "BPJS Card Number", index="btree_not_null", groups=PETUGAS, copy=False
    )
    no_rekam_medis = fields.Char(
        "Medical Record Number", index="btree_not_null", groups=PETUGAS, copy=False
    )
    tanggal_lahir = fields.Date("Date of Birth", groups=PETUGAS)
    jenis_kelamin = fields.Selection([("L", "Male"), ("P", "Female")], "Sex", groups=PETUGAS)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_separators(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._without_separators(vals))

    @staticmethod
    def _without_separators(vals):
        typed = {name: vals[name] for name in IDENTITY_NUMBERS if isinstance(vals.get(name), str)}
        return {**vals, **{name: without_separators(text) for name, text in typed.items()}}

    @api.constrains("nik")
    def _check_nik(self):
        for patient in self.filtered("nik"):
            patient._check_digits("nik", self.env._("NIK"))

    @api.constrains("no_kartu_bpjs")
    def _check_no_kartu_bpjs(self):
        for patient in self.filtered("no_kartu_bpjs"):
            patient._check_digits("no_kartu_bpjs", self.env._("BPJS card number"))

    def _check_digits(self, name, label):
        text, length = self[name], IDENTITY_NUMBERS[name]
        if _has_digits(text, length):
            return
        raise ValidationError(
            self.env._(
                "The %(label)s of %(name)s must have exactly %(length)s digits; "
                "what was entered has %(count)s characters. Check the card and enter it again.",
                label=label,
                name=self.name,
                length=length,
                count=len(text),
            )
        )

    @api.model
    def _search_display_name(self, operator, value):
        """Let staff find a patient by card number, NIK or medical record number, too."""
        domain = super()._search_display_name(operator, value)
        is_text = isinstance(value, str) and value and not operator.startswith("not ")
        if not is_text or operator == "!=" or not self.env.user.has_group(PETUGAS):
            return domain
        numbers = (*IDENTITY_NUMBERS, "no_rekam_medis")
        return Domain.OR([domain, *(Domain(name, operator, value) for name in numbers)])

    def _ensure_no_rekam_medis(self):
        for patient in self.filtered(lambda partner: not partner.no_rekam_medis):
            patient.no_rekam_medis = (
                self.env["ir.sequence"].sudo().next_by_code("antrean.rekam_medis")
            )
