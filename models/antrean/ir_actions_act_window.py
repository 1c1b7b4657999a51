from odoo import models
from odoo.exceptions import AccessError

from .res_partner import ADMIN


class IrActionsActWindow(models.Model):
    """What the menu keeps for administrators of the queue is not reached by its address either."""

    _inherit = "ir.actions.act_window"

    def _get_action_dict(self):
        is_admins = self.env.ref(ADMIN) in self.sudo().group_ids
        if is_admins and not self.env.user.has_group(ADMIN):
            raise AccessError(
                self.env._("“%s” is for administrators of the queue only.", self.name)
            )
        return super()._get_action_dict()
