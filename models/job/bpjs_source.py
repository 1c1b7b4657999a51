from odoo import models
from odoo.fields import Domain


class BpjsSource(models.AbstractModel):
    """A record that requests to BPJS are made of: changing it may mend what was refused, or make
    BPJS have something else than is entered.
    """

    _name = "bpjs.source"
    _description = "Source of BPJS Requests"
    _antrean_path = ""  # leads from a queue entry to such a record
    _tells_nothing = frozenset()  # fields that no request is made of

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - self._tells_nothing:
            entries = self.env["antrean.antrean"]._current(
                Domain(self._antrean_path, "in", self.ids)
            )
            entries._source_changed()
        return result
