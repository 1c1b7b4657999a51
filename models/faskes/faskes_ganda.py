from markupsafe import Markup

from odoo import models

from ..antrean.antrean_ruangan import as_heard

MOST = 50  # patients named


class BpjsFaskes(models.Model):
    """Telling the administrators what is double in a database from before that was refused."""

    _inherit = "bpjs.faskes"

    def _tell_of_doubles(self):
        for faskes in self:
            for user in faskes._admins():
                told = faskes.with_user(user).with_context(
                    lang=user.lang, allowed_company_ids=faskes.company_id.ids
                )
                if note := told._note_of_doubles():
                    told.activity_schedule(
                        "antrean_bpjs.mail_activity_ganda", note=note, user_id=user.id
                    )

    def _note_of_doubles(self):
        """Return what is double, as far as the user may see it, or an empty text."""
        patients = self._double_patients()
        rooms = self._rooms_with_one_letter()
        paragraphs = []
        if patients:
            paragraphs.append(
                self.env._(
                    "%(count)s patients share a card, NIK or medical record number with another: "
                    "%(names)s. Open Configuration > Double Patients: merge those who are one "
                    "person, and correct the numbers of the others.",
                    count=len(patients),
                    names=", ".join(patients[:MOST].mapped("name")),
                )
            )
        if rooms:
            paragraphs.append(
                self.env._(
                    "Rooms with one queue letter call two patients alike: %s. Give each a letter "
                    "of its own in Configuration > Rooms.",
                    ", ".join(f"{room.kode_antrean} ({room.name})" for room in rooms),
                )
            )
        return Markup().join(Markup("<p>%s</p>") % text for text in paragraphs)

    def _double_patients(self):
        contacts = self.env["res.partner"].with_context(active_test=False)
        return contacts.search([("nomor_ganda", "=", True)])

    def _rooms_with_one_letter(self):
        rooms = self.env["antrean.ruangan"].search([("company_id", "=", self.company_id.id)])
        by_letter = rooms.grouped(lambda room: as_heard(room.kode_antrean))
        return rooms.filtered(lambda room: len(by_letter[as_heard(room.kode_antrean)]) > 1)
