import logging
from datetime import datetime, timedelta, timezone

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...bpjs.pcare import PCARE
from ...database import in_transaction
from ..antrean.res_partner import ADMIN
from .selisih import KINDS

_logger = logging.getLogger(__name__)

MANAJEMEN = "antrean_bpjs.group_antrean_manajemen"
EVENING = 20  # o'clock at the facility: from then on the day is compared
MORNING = 5  # from then on yesterday is, with what came in the night
MOST_DAYS = 62  # asked for at once


class BpjsHarian(models.Model):
    """One day of one clinic: what PCare has, beside what is here.

    A look-up is asked for (`antre`) and done by a scheduled action, of which there is one for all
    hosts, so there is one look-up at a time. Nothing here writes to BPJS, but for taking back what
    was cancelled, where the facility says so.
    """

    _name = "bpjs.harian"
    _description = "Daily Comparison with PCare"
    _inherit = ["mail.thread"]
    _order = "tanggal desc, company_id"
    _rec_name = "tanggal"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    tanggal = fields.Date("Date", required=True, readonly=True)
    state = fields.Selection(
        [
            ("antre", "Waiting"),
            ("jalan", "Being compared"),
            ("selesai", "Compared"),
            ("terputus", "Incomplete"),
        ],
        required=True,
        readonly=True,
        default="antre",
    )
    message = fields.Char("Why It Is Incomplete", readonly=True)
    diperiksa_at = fields.Datetime("Compared at", readonly=True)
    diringkas_at = fields.Datetime("Summary Sent at", readonly=True)
    dibaca = fields.Integer("Rows Read", readonly=True)
    jumlah = fields.Integer("Rows at PCare", readonly=True)
    jumlah_sama = fields.Integer(
        "Both Agree", readonly=True, help="Visits that are the same on both sides"
    )
    baris_ids = fields.One2many("bpjs.harian.baris", "harian_id", "Differences", readonly=True)
    jumlah_beda = fields.Integer("Differences Left", compute="_compute_beda")
    beda_sini = fields.Integer("Only here", compute="_compute_beda")
    beda_sana = fields.Integer("Only at PCare", compute="_compute_beda")
    beda_batal = fields.Integer("Cancelled here, alive there", compute="_compute_beda")
    beda_nomor = fields.Integer("Other number", compute="_compute_beda")
    beda_ganda = fields.Integer("There twice", compute="_compute_beda")
    beda_lain = fields.Integer("Other poli or doctor", compute="_compute_beda")

    _day_uniq = models.Constraint("unique(company_id, tanggal)", "A day is compared once.")
    _asked_for = models.Index("(tanggal) WHERE state IN ('antre', 'jalan')")

    @api.depends("baris_ids.jenis", "baris_ids.ditangani_at")
    def _compute_beda(self):
        counts = self.env["bpjs.harian.baris"]._read_group(
            [("harian_id", "in", self.ids), ("ditangani_at", "=", False)],
            ["harian_id", "jenis"],
            ["__count"],
        )
        by_kind = {(harian, jenis): count for harian, jenis, count in counts}
        for harian in self:
            counts = {jenis: by_kind.get((harian._origin, jenis), 0) for jenis in KINDS}
            harian.jumlah_beda = sum(counts.values())
            for jenis, count in counts.items():
                harian[f"beda_{jenis}"] = count

    @api.depends("tanggal")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for harian in self:
            harian.display_name = format_date(self.env, harian.tanggal)

    # Asking for it

    def action_bandingkan(self):
        """Have these days looked up again."""
        self.check_access("read")
        self._check_may_compare()
        self.sudo()._ask()

    def action_bandingkan_hari_ini(self):
        """Have today of the user's company looked up, and show it."""
        self._check_may_compare()
        company = self.env.company
        today = company._antrean_today()
        harian = self.sudo()._of(company, [today])
        harian._ask()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": harian.id,
            "views": [(False, "form")],
        }

    @api.model
    def _check_may_compare(self):
        if not (self.env.user.has_group(ADMIN) or self.env.user.has_group(MANAJEMEN)):
            raise AccessError(self.env._("Only administrators and management compare days."))

    @api.model
    def _of(self, company, days):
        """Return the records of these days of a company, made where there is none yet."""
        of_company = [("company_id", "=", company.id), ("tanggal", "in", days)]
        known = self.search(of_company)
        missing = sorted(set(days) - set(known.mapped("tanggal")))
        new = self.create([{"company_id": company.id, "tanggal": day} for day in missing])
        return known | new

    def _ask(self):
        """Line these days up, unless there is a reason why nothing of them can be looked up."""
        for company in self.company_id:
            layanan = self.env["bpjs.layanan"]._of(company, PCARE)
            if obstacle := layanan._obstacle(company):
                raise UserError(obstacle)
        self.filtered(lambda harian: harian.state != "jalan").write(
            {"state": "antre", "dibaca": 0, "jumlah": 0, "message": False}
        )
        self.env.ref("antrean_bpjs.ir_cron_harian").sudo()._trigger()

    @api.autovacuum
    def _gc_harian(self):
        """Remove days, with the names in their lines, that are older than a facility keeps."""
        for faskes in self.env["bpjs.faskes"].search([("attempt_months", ">", 0)]):
            oldest = faskes.company_id._antrean_today() - relativedelta(
                months=faskes.attempt_months
            )
            of_company = [("company_id", "=", faskes.company_id.id)]
            self.search([*of_company, ("tanggal", "<", oldest)]).unlink()

    # By itself

    @api.model
    def _cron_bandingkan(self):
        """Ask for what is due, look up one day of each company, and go on with the others."""
        in_transaction(self.env, self._ask_due)
        self._look_up_next()
        self._after_lookups()
        in_transaction(self.env, self._go_on)

    def _go_on(self):
        if self.search_count([("state", "in", ("antre", "jalan"))], limit=1):
            self.env.ref("antrean_bpjs.ir_cron_harian")._trigger()

    def _after_lookups(self):
        """Tell, of what is known now, those whom it concerns; one clinic's trouble is its own."""
        for faskes in self.env["bpjs.faskes"].search([("company_id", "!=", False)]):
            try:
                in_transaction(self.env, faskes._tell_of_days)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("BPJS facility %s: nobody was told of its days", faskes.id)

    def _ask_due(self):
        for layanan in self.env["bpjs.layanan"].search([("kode", "=", PCARE)]):
            if layanan.down_since or layanan._is_copy():
                continue
            due = [
                day
                for day, since in layanan.company_id._harian_due()
                if not self._is_compared(layanan.company_id, day, since)
            ]
            self._of(layanan.company_id, due)._ask()

    def _is_compared(self, company, day, since):
        return self.search_count(
            [
                ("company_id", "=", company.id),
                ("tanggal", "=", day),
                ("state", "=", "selesai"),
                ("diperiksa_at", ">=", since),
            ],
            limit=1,
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    def _harian_due(self):
        """Return the days that are to be compared by now, each with the moment since when that
        counts (naive UTC).
        """
        now = self._antrean_now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        due = []
        if now.hour >= EVENING:
            due.append((now.date(), _utc(now.replace(hour=EVENING, minute=0, second=0))))
        if now.hour >= MORNING:
            due.append((now.date() - timedelta(days=1), _utc(midnight)))
        return due


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
