from odoo import models

from .antrean_papan import BOARD
from .res_partner import PETUGAS


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Subscribe an open board to the companies its user may see, and no other."""
        channels = list(channels)
        if BOARD in channels:
            channels.remove(BOARD)
            if self.env.user.has_group(PETUGAS):
                channels += [(company, "ANTREAN") for company in self.env.user.company_ids]
        return super()._build_bus_channel_list(channels)
