from odoo import models
from odoo.http import request

ROOT = "/mobile-jkn"


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """Lead all that is below our address to us, whatever its path, method and host: else Odoo
        would answer odd ones with a page or a redirect.
        """
        if path_info == ROOT or path_info.startswith(f"{ROOT}/"):
            return request.env["ir.http"].routing_map().bind("").match(ROOT, return_rule=True)
        return super()._match(path_info)
