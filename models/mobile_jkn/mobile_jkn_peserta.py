from odoo import models
from odoo.exceptions import ValidationError

from ...bpjs import mobile_jkn as said


class MobileJkn(models.AbstractModel):
    """Members who are patients, or become patients."""

    _inherit = "mobile.jkn"

    def _peserta(self, _akun, _version, body):
        """Make a member a patient of the clinic; a known one is not made again."""
        peserta = said.peserta(body)
        if self._holder("no_kartu_bpjs", peserta.no_kartu) or self._holder("nik", peserta.nik):
            raise said.Refused(said.KNOWN_PATIENT)
        try:
            patient = self.env["res.partner"].create(self._patient_vals(peserta))
        except ValidationError:  # somebody else enters them at this moment
            raise said.Refused(said.KNOWN_PATIENT) from None
        patient._ensure_no_rekam_medis()
        return {"norm": patient.no_rekam_medis}

    def _patient_vals(self, peserta):
        indonesia = self.env.ref("base.id")
        province = self.env["res.country.state"].search(
            [("country_id", "=", indonesia.id), ("name", "=ilike", peserta.provinsi)], limit=1
        )
        return {
            "name": peserta.nama,
            "nik": peserta.nik,
            "no_kartu_bpjs": peserta.no_kartu,
            "no_kk": peserta.no_kk,
            "jenis_kelamin": peserta.sex,
            "tanggal_lahir": peserta.tanggal_lahir,
            "phone": peserta.no_hp or False,
            "street": peserta.alamat or False,
            "street2": peserta.tempat or False,
            "city": peserta.kota or False,
            "state_id": province.id,
            "country_id": indonesia.id,
        }

    def _holder(self, name, number):
        """Return the patient who has a number, also one who is archived; or none."""
        companies = [False, *self.env.company.parent_ids.ids]
        contacts = self.env["res.partner"].with_context(active_test=False)
        known = [(name, "=", number), ("company_id", "in", companies)]
        return contacts.search(known, order="active desc, id", limit=1)

    def _booking_patient(self, booking):
        """Return who books, by card, else by NIK, their record completed with what they say.

        :raises Refused: the clinic does not know them
        """
        by_card = self._holder("no_kartu_bpjs", booking.no_kartu)
        by_nik = self._holder("nik", booking.nik)
        patient = by_card or by_nik
        if not patient:
            raise said.Refused(said.UNKNOWN_PATIENT, said.NEW_PATIENT)
        given = {
            "no_kartu_bpjs": not by_card and booking.no_kartu,
            "nik": not by_nik and booking.nik,
            "phone": booking.no_hp,
        }
        vals = {name: value for name, value in given.items() if value and not patient[name]}
        if not patient.active:
            vals["active"] = True
        if vals:
            patient.write(vals)
        return patient
