from odoo import fields, models


class BpjsJob(models.Model):
    _inherit = "bpjs.job"

    def bench_enqueue(self):
        """Hand all that is due to queue_job."""
        due = [("next_try_at", "<=", fields.Datetime.now())]
        jobs = self.sudo().search(due, order="next_try_at, id")
        for job in jobs:
            job.with_delay()._send_plainly()
