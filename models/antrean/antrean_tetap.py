from odoo import models
from odoo.exceptions import UserError


class AntreanTetap(models.AbstractModel):
    """A record that stays where it is once it is in use: what names it would else be torn apart,
    or told to another company.
    """

    _name = "antrean.tetap"
    _description = "Stays Where It Is"
    _tetap = "company_id"  # the field that says where

    def _in_use(self):
        """Return those of these records that are in use."""
        raise NotImplementedError

    def _named_by(self, model, name):
        """Return those of these records that a model's records name, archived ones, too."""
        rows = (
            self.env[model]
            .sudo()
            .with_context(active_test=False)
            ._read_group([(name, "in", self.ids)], [name])
        )
        return self.browse(named.id for [named] in rows)

    def write(self, vals):
        if self._tetap in vals:
            place = vals[self._tetap]
            for record in self.filtered(lambda record: record[self._tetap].id != place)._in_use():
                raise UserError(
                    self.env._(
                        "“%(record)s” is in use, so its %(field)s cannot change. Create a new one "
                        "there instead.",
                        record=record.display_name,
                        field=self._fields[self._tetap]._description_string(self.env),
                    )
                )
        return super().write(vals)

    def _refuse_deletion(self):
        for record in self._in_use():
            raise UserError(
                self.env._(
                    "“%s” is in use and cannot be deleted. Archive it instead: what names it goes "
                    "on showing it.",
                    record.display_name,
                )
            )
