import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import MASKED_NUMBER, qr_code
from ..faskes.bpjs_layanan import LAYANAN

MATCHING = {"pattern", "layanan", "sequence", "active"}
SCREENING_FORM = "https://webskrining.bpjs-kesehatan.go.id/skrining"
BPJS_LINK = re.compile(r"https://([\w-]+\.)*bpjs-kesehatan\.go\.id(/[\w./?=&%-]*[\w/])?")


class BpjsGalat(models.Model):
    """What one kind of message means: why it came, who acts, and what they do.

    The first entry whose pattern is found in a message explains it.
    """

    _name = "bpjs.galat"
    _description = "BPJS Error"
    _order = "sequence, id"
    _rec_name = "penyebab"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    pattern = fields.Char(
        required=True,
        help="A regular expression, found anywhere in the message, in upper or lower case.",
    )
    layanan = fields.Selection(
        list(LAYANAN.items()), "Only from", help="Empty: from every service."
    )
    penyebab = fields.Char("Cause", required=True, translate=True)
    pelaku = fields.Selection(
        [
            ("petugas", "Staff"),
            ("pasien", "Patient"),
            ("admin", "Administrator"),
            ("tunggu", "Nobody: wait"),
        ],
        "Who Acts",
        required=True,
    )
    langkah = fields.Text("Next Step", required=True, translate=True)
    tindakan = fields.Selection(
        [
            ("resend", "Resend"),
            ("patient", "Open the patient"),
            ("settings", "Open the settings"),
            ("screening", "Show the screening link"),
        ],
        "Button",
    )
    job_count = fields.Integer(
        "Jobs", compute="_compute_seen", help="Jobs that BPJS answers so now."
    )
    last_seen_at = fields.Datetime("Last Seen", compute="_compute_seen")

    def _compute_seen(self):
        seen = self.env["bpjs.job"]._read_group(
            [("galat_id", "in", self.ids)], ["galat_id"], ["__count", "sent_at:max"]
        )
        seen = {galat: values for galat, *values in seen}
        for galat in self:
            galat.job_count, galat.last_seen_at = seen.get(galat, (0, False))

    def action_resend(self):
        """Send again, in the background, what failed for this cause."""
        return self.env["bpjs.job"].search([("galat_id", "in", self.ids)]).action_resend()

    @api.constrains("pattern")
    def _check_pattern(self):
        for galat in self:
            try:
                re.compile(galat.pattern)
            except (re.error, OverflowError, RecursionError) as error:
                raise ValidationError(
                    self.env._(
                        "“%(pattern)s” is no regular expression: %(error)s. To look for a text as "
                        "it is, put a \\ before each of . * + ? ( ) [ ] { } | ^ $ \\ in it.",
                        pattern=galat.pattern,
                        error=error,
                    )
                ) from None

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        self._explain_anew()
        return entries

    def write(self, vals):
        result = super().write(vals)
        if not MATCHING.isdisjoint(vals):
            self._explain_anew()
        return result

    def unlink(self):
        result = super().unlink()
        self._explain_anew()
        return result

    @api.model
    def _explain_anew(self):
        """Look every message up again; only jobs that it changes are written."""
        jobs = self.env["bpjs.job"].sudo()
        jobs = jobs.search_fetch([("message", "!=", False)], ["message", "layanan", "galat_id"])
        self.env.add_to_compute(jobs._fields["galat_id"], jobs)

    def _who(self):
        labels = dict(self._fields["pelaku"]._description_selection(self.env))
        return labels.get(self.pelaku, "")

    def _summary(self):
        """Return in one line why it came, who acts and what they do; empty for no entry."""
        return f"{self.penyebab} {self._who()}: {self.langkah}" if self else ""

    def _explaining(self, layanan, message):
        """Return the first of these entries that explains a message of this service."""
        for galat in self.filtered(lambda galat: galat.layanan in (False, layanan)):
            if re.search(galat.pattern, message, re.IGNORECASE):
                return galat
        return self.browse()


class BpjsJob(models.Model):
    _inherit = "bpjs.job"

    galat_id = fields.Many2one(
        "bpjs.galat",
        "Explained by",
        compute="_compute_galat_id",
        store=True,
        index="btree_not_null",
    )

    @api.depends("message", "layanan")
    def _compute_galat_id(self):
        with_message = self.filtered("message")
        (self - with_message).galat_id = False
        if with_message:
            dictionary = self.env["bpjs.galat"].search([("pattern", "!=", False)])
            for job in with_message:
                job.galat_id = dictionary._explaining(job.layanan, job.message)

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
            "qr": url and qr_code(url),
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
