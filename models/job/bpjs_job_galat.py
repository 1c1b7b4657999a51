import logging
import re
from base64 import b64encode
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathFillImage

from odoo import api, fields, models

from ...bpjs.masking import MASKED_NUMBER

_logger = logging.getLogger(__name__)

SCREENING_FORM = "https://webskrining.bpjs-kesehatan.go.id/skrining"
BPJS_LINK = re.compile(r"https://([\w-]+\.)*bpjs-kesehatan\.go\.id(/[\w./?=&%-]*[\w/])?")


class BpjsJob(models.Model):
    """What the error dictionary says of a job's message."""

    _inherit = "bpjs.job"

    galat_id = fields.Many2one(
        "bpjs.galat",
        "Explained by",
        compute="_compute_galat_id",
        store=True,
        index="btree_not_null",
    )

    @api.depends("message", "reason", "layanan")
    def _compute_galat_id(self):
        with_message = self.filtered("message")
        (self - with_message).galat_id = False
        for company, jobs in with_message.grouped("company_id").items():
            entries = self.env["bpjs.galat"]
            dictionary = entries.search([("active", "=", True), *entries._domain_of(company)])
            for job in jobs:
                job.galat_id = job._explained_by(dictionary)

    def _explained_by(self, dictionary):
        """Return the entry that explains this job's message. What goes wrong with that is no reason
        to lose what BPJS answered.
        """
        try:
            return dictionary._explaining(self.layanan, self.message, self.reason)
        except Exception:
            _logger.exception("BPJS job %s: its message could not be looked up", self.id)
            return dictionary.browse()

    def _explanation(self):
        """Return what the dictionary says of a job, each a text and empty where there is none.

        :returns: {cause, who, next_step, action (a key of `bpjs.galat.tindakan` that the user can
            do, or "batal": to send the failed cancel again), url (of the screening form), qr (the
            same, as a data URI of an SVG)}
        :rtype: dict
        """
        galat = self.galat_id
        action = galat.tindakan or ""
        if action == "settings" and not self.env["bpjs.faskes"].has_access("read"):
            action = ""
        if self.state == "failed" and self._type().undoes:
            action = "batal"
        url = self._screening_form() if action == "screening" else ""
        return {
            "cause": galat.penyebab or "",
            "who": galat._who(),
            "next_step": galat.langkah or "",
            "action": action,
            "url": url,
            "qr": url and _qr_code(url),
        }

    def _screening_form(self):
        """Return the form that BPJS links to: only an address of BPJS is handed to patients."""
        link = BPJS_LINK.search(self.message)
        return link.group() if link else SCREENING_FORM

    def action_explain(self):
        """Open a new entry of the dictionary that fits this message, whomever it is about."""
        self.ensure_one()
        pattern = re.sub(MASKED_NUMBER, ".*", re.escape(self.message).replace(r"\ ", " "))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Explain This"),
            "res_model": "bpjs.galat",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_pattern": pattern},
        }


def _qr_code(text):
    """Return a QR code as a data URI, for an image to show."""
    svg = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage).save(svg)
    return f"data:image/svg+xml;base64,{b64encode(svg.getvalue()).decode()}"
