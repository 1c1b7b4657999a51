import re
from base64 import b64encode
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathFillImage

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...bpjs.masking import MASKED_NUMBER
from ..faskes.bpjs_layanan import service_selection

MATCHING = {"pattern", "reasons", "layanan", "sequence", "active"}
TEXTS = {"penyebab", "langkah"}
SCREENING_FORM = "https://webskrining.bpjs-kesehatan.go.id/skrining"
BPJS_LINK = re.compile(r"https://([\w-]+\.)*bpjs-kesehatan\.go\.id(/[\w./?=&%-]*[\w/])?")


class BpjsGalat(models.Model):
    """What one kind of message means: why it came, who acts, and what they do.

    The first entry that names a message's reason, or whose pattern is found in it, explains it. The
    entries of the addon follow its updates until somebody changes one here; who only switches one
    off does not change it.
    """

    _name = "bpjs.galat"
    _description = "BPJS Error"
    _order = "sequence, id"
    _rec_name = "penyebab"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        "Order",
        default=10,
        help="The entry with the lowest number is the first to be tried; the addon's own begin at "
        "100. What is narrow comes before what is wide.",
    )
    pattern = fields.Char(
        help="A regular expression, found anywhere in the message, in upper or lower case.",
    )
    reasons = fields.Char(
        "Own Reasons",
        help="What this system says by itself, in any language: its codes, with blanks between.",
    )
    layanan = fields.Selection(service_selection, "Only from", help="Empty: from every service.")
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
    is_changed = fields.Boolean(
        "Changed Here",
        compute="_compute_is_changed",
        help="Updates of the addon leave it as it is.",
    )

    _explains = models.Constraint(
        "CHECK(COALESCE(pattern, '') != '' OR COALESCE(reasons, '') != '')",
        "Enter the pattern of the messages to explain.",
    )

    def _compute_seen(self):
        seen = self.env["bpjs.job"]._read_group(
            [("galat_id", "in", self.ids)], ["galat_id"], ["__count", "attempt_id:max"]
        )
        seen = {galat: values for galat, *values in seen}
        attempts = self.env["bpjs.attempt"].sudo()
        for galat in self:
            galat.job_count, attempt_id = seen.get(galat, (0, False))
            galat.last_seen_at = attempts.browse(attempt_id or ()).started_at

    def _compute_is_changed(self):
        changed = self._shipped().filtered("noupdate").mapped("res_id")
        for galat in self:
            galat.is_changed = galat._origin.id in changed

    def _shipped(self):
        """Return what Odoo knows of those entries that came with the addon."""
        return (
            self.env["ir.model.data"]
            .sudo()
            .search(
                [
                    ("module", "=", self._module),
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                ]
            )
        )

    def action_resend(self):
        """Send again, in the background, what failed for this cause."""
        return self.env["bpjs.job"].search([("galat_id", "in", self.ids)]).action_resend()

    @api.constrains("pattern")
    def _check_pattern(self):
        for galat in self.filtered("pattern"):
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
        matching = MATCHING & vals.keys()
        matches_anew = any(galat[name] != vals[name] for galat in self for name in matching)
        result = super().write(vals)
        if vals.keys() - {"active"}:
            self._keep_as_it_is()
        if matches_anew:
            self._explain_anew()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        self._keep_as_it_is()
        return super().update_field_translations(field_name, translations, source_lang)

    def _keep_as_it_is(self):
        """Keep what was changed here, by anybody but an update, from updates of the addon."""
        if not self.env.context.get("install_mode"):
            self._shipped().noupdate = True

    def _load_records_write(self, values):
        """Take over what an update brings. Odoo would leave translations as they are."""
        languages = {code for code, _name in self.env["res.lang"].get_installed()} - {"en_US"}
        for name in TEXTS & values.keys():
            self.update_field_translations(name, dict.fromkeys(languages, False))
        return super()._load_records_write(values)

    def unlink(self):
        result = super().unlink()
        self._explain_anew()
        return result

    @api.model
    def _explain_anew(self):
        """Look every message up again; only jobs that it changes are written."""
        jobs = self.env["bpjs.job"].sudo()
        jobs = jobs.search_fetch(
            [("message", "!=", False)], ["message", "reason", "layanan", "galat_id"]
        )
        self.env.add_to_compute(jobs._fields["galat_id"], jobs)

    def _who(self):
        labels = dict(self._fields["pelaku"]._description_selection(self.env))
        return labels.get(self.pelaku, "")

    def _summary(self):
        """Return in one line why it came, who acts and what they do; empty for no entry."""
        return f"{self.penyebab} {self._who()}: {self.langkah}" if self else ""

    def _explaining(self, layanan, message, reason=""):
        """Return the first of these entries that explains a message of this service."""
        for galat in self.filtered(lambda galat: galat.layanan in (False, layanan)):
            if galat._explains_reason(reason) or galat._explains_message(message):
                return galat
        return self.browse()

    def _explains_reason(self, reason):
        return reason in (self.reasons or "").split()

    def _explains_message(self, message):
        return self.pattern and re.search(self.pattern, message, re.IGNORECASE)


class BpjsJob(models.Model):
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
        if with_message:
            dictionary = self.env["bpjs.galat"].search([("active", "=", True)])
            for job in with_message:
                job.galat_id = dictionary._explaining(job.layanan, job.message, job.reason)

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
