from odoo import api, models
from odoo.exceptions import AccessError

from .res_partner import ADMIN

IMPORTABLE = {"tanggal", "state", "dipanggil_at", "tidak_hadir", "alasan_batal"}


class AntreanAntrean(models.Model):
    """What is read-only on the screen is so for every caller: only actions change it.

    They write as the system does (`sudo`), which nobody can from outside.
    """

    _inherit = "antrean.antrean"

    def _write_by_action(self, vals):
        """Write what only actions change, where the user may change these entries."""
        self.check_access("write")
        self.sudo().write(vals)

    def write(self, vals):
        self._check_by_action(vals.keys())
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        given = set().union(*vals_list)
        self._check_by_action(given - IMPORTABLE if self._may_import() else given)
        return super().create(vals_list)

    @api.model
    def default_get(self, fields_list):
        """Let no default of the context or of the user be what only actions change."""
        defaults = super().default_get(fields_list)
        for name in self._by_action() & defaults.keys():
            field = self._fields[name]
            value = field.default(self) if field.default else False
            defaults[name] = field.convert_to_write(field.convert_to_cache(value, self), self)
        return defaults

    @api.model
    def load(self, fields, data):
        if not self._may_import():
            raise AccessError(
                self.env._(
                    "Only administrators of the queue may import entries. Register patients on "
                    "the board."
                )
            )
        return super().load(fields, data)

    def _may_import(self):
        return self.env.su or self.env.user.has_group(ADMIN)

    def _by_action(self):
        """Return the names of the fields that the user changes by actions only."""
        if self.env.su:
            return set()
        return {name for name, field in self._fields.items() if field.readonly}

    def _check_by_action(self, names):
        if refused := self._by_action() & names:
            labels = sorted(self._fields[name]._description_string(self.env) for name in refused)
            raise AccessError(
                self.env._(
                    "This cannot be entered: %(fields)s. It changes only by what is pressed on "
                    "the board, such as Call, Accept or Cancel Entry.",
                    fields=", ".join(labels),
                )
            )
