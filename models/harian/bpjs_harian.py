import logging
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import datetime, timedelta, timezone
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ...bpjs import pcare
from ...bpjs.daftar import Daftar
from ...bpjs.errors import UnreadableError
from ...bpjs.outcome import SUCCESS, UNKNOWN, Outcome
from ...bpjs.pcare import PCARE
from ...bpjs.reason import NO_VISIT
from ...database import Clock, in_transaction
from ...words import told
from ..antrean.antrean_ruangan import RAWAT_JALAN
from ..antrean.res_partner import ADMIN
from ..job.flight import Flight
from ..job.run import MAX_IN_FLIGHT
from .selisih import BATAL, KINDS, Milik, settled

_logger = logging.getLogger(__name__)

MANAJEMEN = "antrean_bpjs.group_antrean_manajemen"
EVENING = 20  # o'clock at the facility: from then on the day is compared
MORNING = 5  # from then on yesterday is, with what came in the night
LONGEST_LOOKUP = timedelta(seconds=90)  # of one day; Odoo ends a scheduled action after 120
PROGRESS_SECONDS = 1  # between two notes of how far a look-up is
MOST_DAYS = 62  # asked for at once

# Everything that PCare may have of a clinic's day, and what a change of it shows in.
ENTRIES = """
    SELECT antrean.id, pasien.no_kartu_bpjs, ruangan.kd_poli_pcare, antrean.nomor_antrean_pcare,
           antrean.state = 'batal',
           bool_or(job.state = 'sending'),
           max(job.request->'body'->>'noKartu') FILTER (WHERE job.job_type = 'pendaftaran_pcare'),
           max(job.request->'body'->>'kdPoli') FILTER (WHERE job.job_type = 'pendaftaran_pcare'),
           bool_or(job.job_type = 'tambah_antrean_fktp'
                   AND (job.state = 'success' OR job.outcome = 'outdated')
                   AND (job.request->'body'->>'kodedokter')::int != dokter.kd_dokter_antrean),
           array_agg((job.job_type, job.state, job.sent_at, job.done_at)::text
                     ORDER BY job.job_type) FILTER (WHERE job.id IS NOT NULL)
      FROM antrean_antrean antrean
      JOIN antrean_penjamin penjamin ON penjamin.id = antrean.penjamin_id
      JOIN antrean_ruangan ruangan ON ruangan.id = antrean.ruangan_id
      JOIN res_partner pasien ON pasien.id = antrean.pasien_id
      LEFT JOIN antrean_jadwal jadwal ON jadwal.id = antrean.jadwal_id
      LEFT JOIN antrean_dokter dokter ON dokter.id = jadwal.dokter_id
      LEFT JOIN bpjs_job job ON job.antrean_id = antrean.id
     WHERE antrean.company_id = %s AND antrean.tanggal = %s
       AND penjamin.is_bpjs AND ruangan.jenis_kunjungan = %s
     GROUP BY antrean.id, pasien.id, ruangan.id
"""


class Stopped(Exception):
    """A page could not be had."""

    def __init__(self, outcome):
        super().__init__()
        self.outcome = outcome


def look_up(call, tanggal, daftar, expected):
    """Read PCare's list of a day into `daftar` and return what ended that: a success, or what kept
    it from being read to its end. Its thread knows no ORM.
    """

    def ask(start):
        exchange = call(pcare.pendaftaran_list(tanggal, start, pcare.PAGE))
        if exchange.outcome.kind != SUCCESS:
            raise Stopped(exchange.outcome)
        return exchange.result.response

    try:
        daftar.read(ask, expected)
    except UnreadableError as error:
        return Outcome(UNKNOWN, reason=error.reason)
    except Stopped as stopped:
        return stopped.outcome
    if daftar.unreadable:
        return Outcome(UNKNOWN, reason=NO_VISIT)
    return Outcome(SUCCESS)


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
            oldest = fields.Date.today() - relativedelta(months=faskes.attempt_months)
            of_company = [("company_id", "=", faskes.company_id.id)]
            self.search([*of_company, ("tanggal", "<", oldest)]).unlink()

    # By itself

    @api.model
    def _cron_bandingkan(self):
        """Ask for what is due, look up one day of each company, and go on with the others."""
        in_transaction(self.env, self._ask_due)
        self._look_up_next()
        in_transaction(self.env, self._after_lookups)
        in_transaction(self.env, self._go_on)

    def _go_on(self):
        if self.search_count([("state", "in", ("antre", "jalan"))], limit=1):
            self.env.ref("antrean_bpjs.ir_cron_harian")._trigger()

    def _after_lookups(self):
        """Tell, of what is known now, those whom it concerns; once a day and clinic."""
        for faskes in self.env["bpjs.faskes"].search([("company_id", "!=", False)]):
            faskes._remind_of_terutang()
            faskes._summarize_yesterday()

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

    # Looking up

    def _look_up_next(self):
        """Look up the longest asked for day of each company, all at the same time.

        It commits; no transaction is open while PCare thinks.
        """
        flights = in_transaction(self.env, self._claim)
        with ThreadPoolExecutor(MAX_IN_FLIGHT, thread_name_prefix="bpjs") as pool:
            in_flight = {
                pool.submit(flight.run): (harian, daftar, before)
                for harian, daftar, before, flight in flights
            }
            while in_flight:
                landed = wait(in_flight, PROGRESS_SECONDS, FIRST_COMPLETED).done
                for future in landed:
                    harian, *found = in_flight.pop(future)
                    harian._land(future, *found)
                in_transaction(self.env, self._note_progress, list(in_flight.values()))

    def _claim(self):
        """Take the next day of each company, and note what is here before PCare is asked."""
        waiting = self.search([("state", "in", ("antre", "jalan"))], order="tanggal desc, id")
        claimed = []
        for company, days in waiting.grouped("company_id").items():
            harian = days[:1]
            layanan = self.env["bpjs.layanan"]._of(company, PCARE)
            if layanan._obstacle(company) or layanan.down_since:
                words = layanan._obstacle(company) or layanan.down_message
                days.write({"state": "terputus", "message": words})
                continue
            harian.write({"state": "jalan", "dibaca": 0, "jumlah": 0})
            claimed.append((harian, Daftar(), harian._entries(), layanan))
        clock = Clock(self.env)
        return [
            (harian, daftar, before, harian._flight(layanan, clock, daftar, before))
            for harian, daftar, before, layanan in claimed
        ]

    def _flight(self, layanan, clock, daftar, before):
        expected = {milik.visits[0] for milik in before if milik.nomor and not milik.is_cancelled}
        return Flight(
            layanan_id=layanan.id,
            client=layanan._client(),
            clock=clock,
            until=clock.now() + LONGEST_LOOKUP,
            fly=partial(look_up, tanggal=self.tanggal, daftar=daftar, expected=expected),
        )

    def _note_progress(self, in_flight):
        for harian, daftar, _before in in_flight:
            harian.write({"dibaca": len(daftar.rows), "jumlah": daftar.count})

    def _land(self, future, daftar, before):
        """Keep what was found; what goes wrong with one day must not cost another its result."""
        try:
            in_transaction(self.env, self._settle, future, daftar, before)
        except Exception:
            self.env.cr.rollback()
            _logger.exception("The comparison of day %s could not be kept", self.id)
            in_transaction(self.env, self._fail)

    def _fail(self):
        message = self.env._("The comparison could not be kept. Odoo's log says why.")
        self.write({"state": "terputus", "message": message})

    def _settle(self, future, daftar, before):
        outcome = self.env["bpjs.engine"]._outcome(future)
        is_whole = outcome.kind == SUCCESS
        if outcome.scope == "service" and outcome.kind != SUCCESS:
            self.env["bpjs.layanan"]._of(self.company_id, PCARE)._suspect()
        rows = daftar.rows
        differences, agreed = settled(before, self._entries(), rows, is_whole)
        self.baris_ids.unlink()
        self.env["bpjs.harian.baris"]._keep(self, differences)
        env = self.with_context(lang=self.company_id._antrean_lang()).env
        self.write(
            {
                "state": "selesai" if is_whole else "terputus",
                "message": not is_whole and self._why_incomplete(env, outcome, daftar),
                "diperiksa_at": fields.Datetime.now(),
                "dibaca": len(rows),
                "jumlah": daftar.count,
                "jumlah_sama": agreed,
            }
        )
        faskes = self.env["bpjs.faskes"]._of(self.company_id)
        if faskes.tarik_otomatis:
            self.baris_ids.filtered(lambda baris: baris.jenis == BATAL)._take_back_by_itself()

    @staticmethod
    def _why_incomplete(env, outcome, daftar):
        return env._(
            "%(message)s. Read were %(read)s of %(count)s rows, so what is only here cannot be "
            "told. Compare again.",
            message=told(env, outcome),
            read=len(daftar.rows),
            count=daftar.count,
        )

    def _entries(self):
        """Return the day's entries that BPJS pays, as `selisih.Milik`."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(ENTRIES, self.company_id.id, self.tanggal, RAWAT_JALAN))
        return [
            Milik(
                antrean_id=antrean_id,
                no_kartu=no_kartu or "",
                kd_poli=kd_poli or "",
                nomor=nomor or "",
                is_cancelled=is_cancelled,
                is_in_the_air=bool(is_in_the_air),
                told=(told_card, told_poli) if told_card and told_poli else None,
                has_other_doctor=bool(has_other_doctor),
                version=tuple(version or ()),
            )
            for (
                antrean_id, no_kartu, kd_poli, nomor, is_cancelled, is_in_the_air, told_card,
                told_poli, has_other_doctor, version,
            ) in rows
        ]  # fmt: skip


class ResCompany(models.Model):
    _inherit = "res.company"

    def _harian_due(self):
        """Return the days that are to be compared by now, each with the moment since when that
        counts (naive UTC).
        """
        now = fields.Datetime.context_timestamp(
            self.with_context(tz=self.antrean_tz), fields.Datetime.now()
        )
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        due = []
        if now.hour >= EVENING:
            due.append((now.date(), _utc(now.replace(hour=EVENING, minute=0, second=0))))
        if now.hour >= MORNING:
            due.append((now.date() - timedelta(days=1), _utc(midnight)))
        return due


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
