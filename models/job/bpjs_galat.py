from functools import lru_cache

import re2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..faskes.bpjs_layanan import service_selection

MATCHING = {"pattern", "reasons", "layanan", "sequence", "active", "company_id"}
TEXTS = {"penyebab", "langkah"}


class BpjsGalat(models.Model):
    """What one kind of message means: why it came, who acts, and what they do.

    The first entry that names a message's reason, or whose pattern is found in it, explains it. The
    entries of the addon follow its updates until somebody changes one here; who only switches one
    off does not change it.
    """

    _name = "bpjs.galat"
    _description = "BPJS Error"
    _inherit = ["antrean.bersama"]
    _order = "sequence, id"
    _rec_name = "penyebab"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        "Order",
        default=10,
        copy=False,
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
            ("tunggu", "Just wait"),
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

    @api.constrains("pattern", "active")
    def _check_pattern(self):
        for galat in self.filtered("active"):
            if trouble := _trouble(galat.pattern):
                raise ValidationError(
                    self.env._(
                        "“%(pattern)s” is no regular expression that can be used: %(trouble)s. To "
                        "look for a text as it is, put a \\ before each of . * + ? ( ) [ ] { } | "
                        "^ $ \\ in it.",
                        pattern=galat.pattern,
                        trouble=trouble,
                    )
                )

    def _switch_off_unusable(self):
        """Archive the entries that were written for another kind of regular expressions, and tell
        the administrators which.
        """
        unusable = self.search([("pattern", "!=", False)]).filtered(
            lambda galat: _trouble(galat.pattern)
        )
        unusable.action_archive()
        if unusable:
            for faskes in self.env["bpjs.faskes"].search([("company_id", "!=", False)]):
                unusable._tell_unusable(faskes)

    def _tell_unusable(self, faskes):
        for user in faskes._admins():
            told = faskes.with_context(lang=user.lang)
            text = told.env._(
                "These entries of the error dictionary were archived: their patterns use what is "
                "not understood any more, such as (?=…), (?!…) or \\1. Write them anew under "
                "Configuration > Error Dictionary, and bring them back."
            )
            entries = (
                Markup("<li>%s: %s</li>") % (galat.pattern, galat.penyebab)
                for galat in self.with_env(told.env)
            )
            told.activity_schedule(
                "mail.mail_activity_data_todo",
                note=Markup("<p>%s</p><ul>%s</ul>") % (text, Markup().join(entries)),
                user_id=user.id,
            )

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        self._explain_anew(entries._concerned())
        return entries

    def write(self, vals):
        matches_anew = any(
            self._fields[name].convert_to_write(galat[name], galat) != vals[name]
            for galat in self
            for name in MATCHING & vals.keys()
        )
        concerned = self._concerned()
        result = super().write(vals)
        if vals.keys() - {"active"}:
            self._keep_as_it_is()
        if matches_anew:
            self._explain_anew(concerned | self._concerned())
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
        concerned = self._concerned()
        result = super().unlink()
        self._explain_anew(concerned)
        return result

    def _concerned(self):
        """Return what finds the jobs whose messages these entries may explain."""
        is_shared = not all(galat.company_id for galat in self)
        return Domain.TRUE if is_shared else Domain("company_id", "in", self.company_id.ids)

    @api.model
    def _explain_anew(self, concerned=Domain.TRUE):
        """Look messages up again; only jobs that it changes are written."""
        jobs = self.env["bpjs.job"].sudo()
        jobs = jobs.search_fetch(
            concerned & Domain("message", "!=", False),
            ["message", "reason", "layanan", "company_id", "galat_id"],
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
        is_usable = self.pattern and not _trouble(self.pattern)
        return is_usable and _compiled(self.pattern).search(message)


@lru_cache(maxsize=512)
def _compiled(pattern):
    """Return a pattern as RE2 has it: whatever an administrator writes, the time that it takes
    grows with the message only. Raises `re2.error`.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False  # RE2's own log
    options.max_mem = 1 << 20  # what takes more of it takes longer, too
    return re2.compile(pattern, options)


def _trouble(pattern):
    """Return what is wrong with a pattern, in RE2's words, or ""."""
    try:
        _compiled(pattern or "")
    except re2.error as error:
        return error.args[0].decode()
    return ""
