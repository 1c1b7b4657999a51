import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .antrean_ruangan import as_heard

NUMBER = re.compile("[0-9]{1,4}")  # of a queue; what is longer is on a card


class AntreanAntrean(models.Model):
    """Finding a queue entry by what staff hear or have in their hands, and telling patients of one
    name apart.
    """

    _inherit = "antrean.antrean"

    ciri_pasien = fields.Char("Which Patient", compute="_compute_ciri_pasien")

    @api.model
    def _search_display_name(self, operator, value):
        """Find by queue number, however it is written, and by the patient's name and numbers."""
        if operator != "ilike" or not isinstance(value, str) or not value.strip():
            return super()._search_display_name(operator, value)
        typed = " ".join(value.split())
        numbers = Domain.OR(self._domains_of_number(as_heard(typed)))
        if NUMBER.fullmatch(typed):  # part of too many patients' numbers
            return numbers | Domain("pasien_id.no_rekam_medis", "=", typed)
        return numbers | Domain("pasien_id", "ilike", typed)

    @api.model
    def _domains_of_number(self, heard):
        """Yield what finds the queue numbers that a text may be: A-12 by a12, by 12 that of any
        room.
        """
        if NUMBER.fullmatch(heard):
            yield Domain("angka_antrean", "=", int(heard))
        rooms = self.env["antrean.ruangan"].with_context(active_test=False)
        for room in rooms.search([("company_id", "in", self.env.companies.ids)]):
            letter, number = as_heard(room.kode_antrean), ""
            if letter and heard.startswith(letter):
                number = heard.removeprefix(letter)
            if NUMBER.fullmatch(number):
                yield Domain("ruangan_id", "=", room.id) & Domain("angka_antrean", "=", int(number))

    @api.depends("pasien_id", "tanggal")
    def _compute_ciri_pasien(self):
        """Tell which patient it is where another one of that name is in the queue that day."""
        self.ciri_pasien = False
        alike = set().union(*self._ids_of_one_name())
        for entry in self.filtered(lambda entry: entry._origin.id in alike):
            entry.ciri_pasien = entry.pasien_id._ciri()

    def _ids_of_one_name(self):
        """Return, of the days of these entries, the ids of those whose patients share a name: a
        list for each name.
        """
        self.flush_model(["company_id", "tanggal", "pasien_id"])
        self.env["res.partner"].flush_model(["name"])
        rows = self.env.execute_query(
            SQL(
                "SELECT array_agg(antrean.id) FROM antrean_antrean antrean"
                " JOIN res_partner pasien ON pasien.id = antrean.pasien_id"
                " WHERE antrean.tanggal = ANY(%s) AND antrean.company_id = ANY(%s)"
                " GROUP BY antrean.company_id, antrean.tanggal, lower(pasien.name)"
                " HAVING count(DISTINCT pasien.id) > 1",
                list(set(self.mapped("tanggal"))),
                self.company_id.ids,
            )
        )
        return [ids for [ids] in rows]

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever has the name of somebody new is told apart from now on, too."""
        entries = super().create(vals_list)
        for ids in entries._ids_of_one_name():
            if not set(entries.ids).isdisjoint(ids):
                self.browse(ids)._notify_board()
        return entries
