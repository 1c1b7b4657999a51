from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Tell the administrators what is double. It stays so; what is entered anew is refused."""
    api.Environment(cr, SUPERUSER_ID, {})["bpjs.faskes"].search([])._tell_of_doubles()
