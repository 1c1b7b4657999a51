from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ..antrean.res_partner import PETUGAS, identity_number

_lt = LazyTranslate(__name__)

# What a patient and a participant have in common.
FROM_PESERTA = {
    "name": "nama",
    "no_kartu_bpjs": "no_kartu",
    "nik": "nik",
    "tanggal_lahir": "tgl_lahir",
    "jenis_kelamin": "jenis_kelamin",
    "phone": "no_hp",
    "kd_provider_peserta": "kd_provider",
}
# Of these BPJS is no better informed than the desk.
OWN_AFFAIRS = {"phone"}

# Why nothing is said of a membership, and what to do; %(message)s are BPJS's words or ours.
UNCHECKED = {
    "invalid": _lt(
        "Only a BPJS card number (13 digits) or a NIK (16 digits) can be checked, and this is "
        "neither. Compare it with the card."
    ),
    "not_found": _lt(
        "BPJS has no member with this number. Compare it with the card, digit by digit. The "
        "patient can be registered all the same."
    ),
    "rejected": _lt(
        "BPJS answers: “%(message)s”. Check the number. The patient can be registered all the same."
    ),
    "unreadable": _lt(
        "BPJS's answer does not say how this membership is. Look it up in PCare itself. The "
        "patient can be registered meanwhile."
    ),
    "no_answer": _lt("BPJS gave no answer in time. Go on registering, and check again later."),
    "down": _lt("PCare is down: “%(message)s”. Go on registering, and check again later."),
    "refused": _lt(
        "The clinic's settings for BPJS do not work: “%(message)s”. Tell an administrator, and "
        "go on registering."
    ),
    "not_set_up": _lt("%(message)s Go on registering meanwhile."),
}


class ResPartner(models.Model):
    """What BPJS says of a patient's membership today."""

    _inherit = "res.partner"

    kepesertaan = fields.Json("Membership", compute="_compute_kepesertaan", groups=PETUGAS)

    @api.depends(*FROM_PESERTA)
    @api.depends_context("company", "lang")
    def _compute_kepesertaan(self):
        """Tell what BPJS said today, to this company, of who has this card; without one, this NIK.

        {"aktif", "ket_aktif", "kelas", "tunggakan", "klinik" (where registered), "is_elsewhere",
        "checked_at" (UTC), "differences": [{"name", "label", "text", "value"}, of what BPJS has
        otherwise than we]} or False
        """
        company = self.env.company
        own_kode = self.env["bpjs.faskes"].sudo()._of(company).kd_provider
        answers = self._peserta_today(company)
        for patient in self:
            peserta = answers.get(patient.no_kartu_bpjs or patient.nik)
            patient.kepesertaan = peserta and {
                "aktif": peserta.aktif,
                "ket_aktif": peserta.ket_aktif,
                "kelas": peserta.kelas,
                "tunggakan": peserta.tunggakan,
                "klinik": peserta.nm_provider or peserta.kd_provider,
                "is_elsewhere": bool(own_kode) and peserta.kd_provider not in (False, own_kode),
                "checked_at": fields.Datetime.to_string(peserta.create_date),
                "differences": patient._differences(peserta),
            }

    def _peserta_today(self, company):
        """Return BPJS's latest answers of today about these patients, by card and by NIK."""
        answers = self.env["bpjs.peserta"].search(
            [
                ("company_id", "=", company.id),
                ("tanggal", "=", company._antrean_today()),
                "|",
                ("no_kartu", "in", self.filtered("no_kartu_bpjs").mapped("no_kartu_bpjs")),
                ("nik", "in", self.filtered("nik").mapped("nik")),
            ],
            order="id",
        )
        by_nik = {answer.nik: answer for answer in answers if answer.nik}
        return by_nik | {answer.no_kartu: answer for answer in answers}

    def _differences(self, peserta):
        return [
            {
                "name": name,
                "label": self._fields[name]._description_string(self.env),
                "text": self._text(name, value),
                "value": value,
            }
            for name, value in _values(peserta).items()
            if name not in OWN_AFFAIRS and self._differs(name, value)
        ]

    def _differs(self, name, value):
        """Whether something else is entered here; in names, case and blanks do not matter."""
        ours = self[name]
        if name == "name" and ours:
            return ours.casefold().split() != value.casefold().split()
        return bool(ours) and ours != value

    def _text(self, name, value):
        field = self._fields[name]
        if field.type == "date":
            return format_date(self.env, value)
        labels = dict(field._description_selection(self.env)) if field.type == "selection" else {}
        return labels.get(value, value)

    @api.model
    def cek_kepesertaan(self, nomor):
        """Ask BPJS for the member with this card number or NIK, as it was typed.

        Takes 5 seconds at most, whatever BPJS does. What it says is kept for the day; see
        `kepesertaan`.

        :returns: {"kind": "found" or a key of `UNCHECKED`, "message": what staff are told where
            it is not found, "values": {patient's field: what BPJS has}}
        :rtype: dict
        """
        if not self.env.user.has_group(PETUGAS):
            raise AccessError(self.env._("Only queue staff may check a membership."))
        name, number = identity_number(nomor)
        if not name:
            return self._unchecked("invalid")
        kind, peserta, message = self.env["bpjs.peserta"]._ask(FROM_PESERTA[name], number)
        if not peserta:
            return self._unchecked(kind, message)
        return {"kind": kind, "message": "", "values": _values(peserta)}

    def _unchecked(self, kind, message=""):
        text = self.env._(UNCHECKED[kind])
        return {"kind": kind, "message": text % {"message": message}, "values": {}}

    def ambil_dari_bpjs(self, timpa=False):
        """Write down what BPJS said today where nothing is entered yet; `timpa`: over what is
        entered, too.

        :returns: the patient's `kepesertaan` as it is then
        """
        self.ensure_one()
        answers = self._peserta_today(self.env.company)
        if peserta := answers.get(self.no_kartu_bpjs or self.nik):
            self.write(
                {
                    name: value
                    for name, value in _values(peserta).items()
                    if not self[name] or timpa and name not in OWN_AFFAIRS
                }
            )
        return self.kepesertaan


def _values(peserta):
    """Return {patient's field: what BPJS has}, without what it does not say."""
    return {name: peserta[source] for name, source in FROM_PESERTA.items() if peserta[source]}
