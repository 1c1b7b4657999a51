from odoo import SUPERUSER_ID, api
from odoo.fields import Domain

from odoo.addons.antrean_bpjs.models.job.bpjs_job_visit import TWIN


def migrate(cr, version):
    """Note which visits BPJS was told of and which queue entries hold them, as far as their day is
    not over. Where two entries are one visit, the one that came first holds it.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    entries = env["antrean.antrean"]._current(Domain.TRUE).sorted("id")
    entries.job_ids._compute_told_visit_key()
    held = set()
    for job in entries.filtered(lambda entry: entry.state != "batal").job_ids.sorted("id"):
        key = job._visit_key(job.antrean_id, job._type())
        if key and job.antrean_id._is_reported():
            job.visit_key = f"{key}{TWIN}{job.id}" if key in held else key
            held.add(key)
