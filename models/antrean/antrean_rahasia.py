from odoo import models

from ...database import unprinted


class AntreanRahasia(models.AbstractModel):
    """A table whose values no log may hold, not even those that PostgreSQL refuses."""

    _name = "antrean.rahasia"
    _description = "Table with Secrets"

    def _create(self, data_list):
        with unprinted():
            return super()._create(data_list)

    def _write_multi(self, vals_list):
        with unprinted():
            return super()._write_multi(vals_list)
