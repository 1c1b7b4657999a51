import logging
import re

from odoo import models
from odoo.http import request

from ...bpjs.masking import masked

ROOT = "/mobile-jkn"


def _mask_path(record):
    """Keep card numbers, which are parts of our addresses, out of Odoo's log of requests."""
    text = record.getMessage()
    if ROOT in text:
        record.msg = re.sub(rf"{ROOT}\S*", lambda path: masked(path.group()), text)
        record.args = ()
    return True


logging.getLogger("werkzeug").addFilter(_mask_path)


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
