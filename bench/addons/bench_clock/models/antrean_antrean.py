import logging
import time

from odoo import api, models

_logger = logging.getLogger(__name__)


class AntreanAntrean(models.Model):
    _inherit = "antrean.antrean"

    @api.model_create_multi
    def create(self, vals_list):
        created = []

        @self.env.cr.postcommit.add  # before all others, so that it is done first
        def log():
            _logger.info("committed %s at %.6f", ",".join(map(str, created)), time.time())

        entries = super().create(vals_list)
        created += entries.ids
        return entries
