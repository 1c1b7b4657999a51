from odoo import models
from odoo.fields import Domain


class BpjsSource(models.AbstractModel):
    """A record that requests to BPJS are made of: changing it may mend what was refused."""

    _name = "bpjs.source"
    _description = "Source of BPJS Requests"
    _antrean_path = ""  # leads from a queue entry to such a record
    _bpjs_answers = frozenset()  # fields with BPJS's own answer, which mends nothing

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - self._bpjs_answers:
            made_of_it = Domain(f"antrean_id.{self._antrean_path}", "in", self.ids)
            self.env["bpjs.job"].sudo()._reopen_refused(made_of_it)
        return result
