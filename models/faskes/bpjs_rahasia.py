from odoo import models
from odoo.exceptions import ValidationError

from ...database import lock, look_again, take_turns

MAX_INTEGER = 2**31 - 1


class BpjsRahasia(models.AbstractModel):
    """A table with credentials: PostgreSQL, which writes what it refuses to a log of its own, is
    given nothing to refuse.

    What does not fit a column is refused here first. Ranges and doubles are for constraints in
    Python, not in SQL.
    """

    _name = "bpjs.rahasia"
    _inherit = ["antrean.rahasia"]
    _description = "Table with Credentials"

    def _create(self, data_list):
        required = [name for name, field in self._fields.items() if self._is_required_column(field)]
        for data in data_list:
            self._check_storable(dict.fromkeys(required) | data["stored"])
        return super()._create(data_list)

    def _write_multi(self, vals_list):
        for vals in vals_list:
            self._check_storable(vals)
        lock(self)  # what fails where others changed the rows must not be the statement with values
        return super()._write_multi(vals_list)

    @staticmethod
    def _is_required_column(field):
        return field.required and field.store and field.column_type

    def _check_storable(self, vals):
        for name, value in vals.items():
            if text := self._unstorable(self._fields[name], value):
                raise ValidationError(text)

    def _unstorable(self, field, value):
        """Return in words why PostgreSQL would refuse a value, or ""."""
        label = field._description_string(self.env)
        if value is None or value is False:
            return self.env._("“%s” is empty. Enter it.", label) if field.required else ""
        if field.type == "many2one":
            if not self.env[field.comodel_name].browse(value).exists():
                return self.env._("“%s” is not there any more. Choose another one.", label)
        elif field.type == "selection":
            known = field.get_values(self.env)
            if value not in known:
                return self.env._(
                    "“%(value)s” is no %(field)s: choose one of %(known)s.",
                    value=value,
                    field=label,
                    known=", ".join(known),
                )
        elif isinstance(value, int):
            if abs(value) > MAX_INTEGER:
                return self.env._("“%s” is too large a number.", label)
        elif isinstance(value, str) and not _is_text(value):
            return self.env._(
                "“%s” holds a character that cannot be kept. Type it, instead of pasting it.", label
            )
        return ""

    def _has_double(self, place, *names):
        """Whether two records of these places (a field) are the same in the named fields, or will
        be once somebody else has committed, too.
        """
        places = self[place]
        domain = [(place, "in", places.ids)]
        records = self.sudo().with_context(active_test=False)
        take_turns(self.env.cr, [f"{self._name} {each.id}" for each in places])
        look_again(records, domain, (place, *names)[-1])
        return bool(records._read_group(domain, [place, *names], having=[("__count", ">", 1)]))


def _is_text(value):
    """Whether PostgreSQL has all characters of a text."""
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False
