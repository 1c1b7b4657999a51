from odoo import api, models
from odoo.fields import Domain

from ...database import look_again


def as_kd_provider(text):
    """Return a clinic's code as BPJS writes it: capitals, without the blanks typed along."""
    return text.strip().upper()


class BpjsSource(models.AbstractModel):
    """A record that requests to BPJS are made of: changing it may mend what was refused, or make
    BPJS have something else than is entered.
    """

    _name = "bpjs.source"
    _description = "Source of BPJS Requests"
    _antrean_path = ""  # leads from a queue entry to such a record
    _tells_nothing = frozenset()  # fields that no request is made of
    _bpjs_codes = {}  # fields with a code of BPJS, and what writes that as BPJS does

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_codes(vals) for vals in vals_list])

    def _with_codes(self, vals):
        typed = {name: vals[name] for name in self._bpjs_codes if isinstance(vals.get(name), str)}
        codes = {name: self._bpjs_codes[name](code) or False for name, code in typed.items()}
        return {**vals, **codes}

    def write(self, vals):
        vals = self._with_codes(vals)
        result = super().write(vals)
        if vals.keys() - self._tells_nothing:
            self._entries()._source_changed()
        return result

    def _entries(self):
        """Return the queue entries that these are part of, of today and later, also those that were
        registered since this transaction began: they hold what they are made of.
        """
        self.flush_recordset()  # waits for who holds them
        entries = self.env["antrean.antrean"]
        of_these = Domain(self._antrean_path, "in", self.ids)
        look_again(entries.sudo(), of_these & entries._lately(), self._antrean_path.split(".")[0])
        return entries._current(of_these)
