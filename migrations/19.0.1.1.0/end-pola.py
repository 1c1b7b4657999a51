from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Switch off what the way of matching since this version does not understand, and say so."""
    api.Environment(cr, SUPERUSER_ID, {})["bpjs.galat"]._switch_off_unusable()
