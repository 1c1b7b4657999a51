from odoo import fields, models

from ...bpjs.outcome import DUPLICATE
from ..antrean.antrean_antrean import STATES
from ..antrean.antrean_ruangan import RAWAT_JALAN
from ..job.bpjs_job import STATUS, STATUSES

NOW = "(now() AT TIME ZONE 'UTC')"
IS_TODAY = "antrean.tanggal = (now() AT TIME ZONE company.antrean_tz)::date"
# Who has booked with Mobile JKN is told to PCare when they are there.
REPORTED = f"""
    (penjamin.is_bpjs AND ruangan.jenis_kunjungan = '{RAWAT_JALAN}'
     AND (antrean.sumber != 'mobile_jkn' OR p.id IS NOT NULL
          OR antrean.nomor_antrean_pcare IS NOT NULL))
"""
# PCare has the visit: by its own word, or as an import says.
AT_PCARE = """
    (antrean.state != 'batal'
     AND (p.state = 'success' OR (p.id IS NULL AND antrean.nomor_antrean_pcare ~ '[1-9]')))
"""
# Who was registered on an earlier day waits from the begin of the hours.
WAITS_SINCE = """
    CASE WHEN antrean.menunggu_at >= midnight THEN antrean.menunggu_at
         WHEN antrean.menunggu_at IS NOT NULL
         THEN midnight + make_interval(secs => jadwal.jam_mulai * 3600) END
"""


def _minutes(begin, end):
    """Minutes from one moment to another, never less than none; NULL where one is not known."""
    minutes = f"date_part('epoch', {end} - {begin}) / 60"  # `extract` makes numerics
    return f"CASE WHEN {end} > {begin} THEN {minutes} WHEN {end} <= {begin} THEN 0 END"


def _status(job):
    whens = " ".join(f"WHEN '{state}' THEN '{status}'" for state, status in STATUS.items())
    return f"CASE {job}.state {whens} ELSE 'na' END"


def _until_ok(job):
    """Minutes from the registration here to BPJS's word; what was there before is not counted. Who
    has booked is owed to PCare from being there.
    """
    begin = f"GREATEST(antrean.create_date, {job}.create_date)"
    return f"""
        CASE WHEN {job}.state = 'success' AND {job}.done_at >= antrean.create_date
             THEN {_minutes(begin, f"{job}.done_at")} END
    """


def _at_first_try(job):
    """1 where it was sent at the first try; what BPJS had already was not sent by that."""
    return f"""
        CASE WHEN {job}.state = 'success' AND {job}.outcome IS DISTINCT FROM '{DUPLICATE}'
                  AND {job}.attempt_count = 0
                  AND {job}.restarted_at IS NULL THEN 1 ELSE 0 END
    """


# What BPJS booked itself, with Mobile JKN, was never sent to Antrean FKTP.
A_WAS_SENT = "(antrean.sumber != 'mobile_jkn' OR a.sent_at IS NOT NULL)"

QUERY = f"""
    SELECT antrean.id, antrean.id AS antrean_id, antrean.company_id, antrean.tanggal,
           antrean.pasien_id, antrean.ruangan_id, jadwal.dokter_id, antrean.penjamin_id,
           antrean.state, antrean.sumber, {REPORTED} AS dilaporkan,
           to_char(antrean.create_date + (antrean.tanggal - midnight), 'HH24:00') AS jam,
           CASE WHEN antrean.dipanggil_at IS NOT NULL THEN 1 ELSE 0 END AS jumlah_dipanggil,
           CASE WHEN antrean.state = 'menunggu' AND {IS_TODAY} THEN 1 ELSE 0 END AS masih_menunggu,
           CASE WHEN antrean.dipanggil_at IS NOT NULL
                THEN {_minutes(f"({WAITS_SINCE})", "antrean.dipanggil_at")}
                WHEN antrean.state = 'menunggu' AND {IS_TODAY}
                THEN {_minutes(f"({WAITS_SINCE})", NOW)} END AS menit_tunggu,
           CASE WHEN antrean.diterima_at IS NOT NULL AND antrean.selesai_at IS NOT NULL
                THEN {_minutes("antrean.diterima_at", "antrean.selesai_at")}
                WHEN antrean.state = 'diterima' AND {IS_TODAY}
                THEN {_minutes("antrean.diterima_at", NOW)} END AS menit_layan,
           {_status("p")} AS status_p, {_status("a")} AS status_a,
           {_at_first_try("p")} AS sekali_p, {_at_first_try("a")} AS sekali_a,
           {_until_ok("p")} AS menit_p, {_until_ok("a")} AS menit_a,
           ({REPORTED} AND {AT_PCARE}) AS di_pcare,
           ({REPORTED} AND {AT_PCARE} AND is_member) AS kontak,
           is_member AS peserta, 1 AS jumlah
      FROM antrean_antrean antrean
      JOIN res_company company ON company.id = antrean.company_id
      JOIN antrean_penjamin penjamin ON penjamin.id = antrean.penjamin_id
      JOIN antrean_ruangan ruangan ON ruangan.id = antrean.ruangan_id
      JOIN res_partner pasien ON pasien.id = antrean.pasien_id
      LEFT JOIN antrean_jadwal jadwal ON jadwal.id = antrean.jadwal_id
      LEFT JOIN bpjs_faskes faskes ON faskes.company_id = antrean.company_id
      LEFT JOIN bpjs_job p ON p.antrean_id = antrean.id AND p.job_type = 'pendaftaran_pcare'
      LEFT JOIN bpjs_job a ON a.antrean_id = antrean.id AND a.job_type = 'tambah_antrean_fktp'
           AND {A_WAS_SENT}
     CROSS JOIN LATERAL (
           SELECT COALESCE(pasien.kd_provider_peserta = faskes.kd_provider, true) AS is_member,
                  antrean.tanggal::timestamp AT TIME ZONE company.antrean_tz AT TIME ZONE 'UTC'
                      AS midnight
           OFFSET 0) AS its
"""


class AntreanLaporan(models.Model):
    """The report: one row a queue entry, for graphs, pivots and the lists behind the figures."""

    _name = "antrean.laporan"
    _description = "Queue Report"
    _auto = False
    _order = "tanggal desc, id desc"
    _rec_name = "antrean_id"
    _depends = {
        "antrean.antrean": [
            "company_id",
            "dipanggil_at",
            "diterima_at",
            "jadwal_id",
            "menunggu_at",
            "nomor_antrean_pcare",
            "pasien_id",
            "penjamin_id",
            "ruangan_id",
            "selesai_at",
            "state",
            "sumber",
            "tanggal",
        ],
        "antrean.jadwal": ["dokter_id", "jam_mulai"],
        "antrean.penjamin": ["is_bpjs"],
        "antrean.ruangan": ["jenis_kunjungan"],
        "bpjs.faskes": ["company_id", "kd_provider"],
        "bpjs.job": [
            "antrean_id",
            "attempt_count",
            "done_at",
            "job_type",
            "outcome",
            "restarted_at",
            "sent_at",
            "state",
        ],
        "res.company": ["antrean_tz"],
        "res.partner": ["kd_provider_peserta"],
    }

    antrean_id = fields.Many2one(
        "antrean.antrean", "Queue Entry", readonly=True, bypass_search_access=True
    )
    company_id = fields.Many2one("res.company", "Facility", readonly=True)
    tanggal = fields.Date("Date", readonly=True)
    jam = fields.Char(
        "Hour", readonly=True, help="In which it was registered, by the clinic's clock"
    )
    ruangan_id = fields.Many2one("antrean.ruangan", "Room", readonly=True)
    dokter_id = fields.Many2one("antrean.dokter", "Doctor", readonly=True)
    penjamin_id = fields.Many2one("antrean.penjamin", "Payer", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    sumber = fields.Selection(
        lambda self: self.env["antrean.antrean"]._fields["sumber"]._description_selection(self.env),
        "Registered at",
        readonly=True,
    )
    dilaporkan = fields.Boolean("BPJS Is Told", readonly=True)
    status_p = fields.Selection(STATUSES, "PCare", readonly=True)
    status_a = fields.Selection(STATUSES, "Antrean FKTP", readonly=True)
    sekali_p = fields.Integer("PCare at First Try", readonly=True)
    sekali_a = fields.Integer("Antrean FKTP at First Try", readonly=True)
    menit_p = fields.Float("Minutes to OK, PCare", readonly=True, aggregator="avg")
    menit_a = fields.Float("Minutes to OK, Antrean FKTP", readonly=True, aggregator="avg")
    di_pcare = fields.Boolean("At PCare", readonly=True)
    kontak = fields.Boolean("Contact", readonly=True)
    peserta = fields.Boolean("Member of This Clinic", readonly=True)
    jumlah_dipanggil = fields.Integer("Called", readonly=True)
    masih_menunggu = fields.Integer("Still Waiting", readonly=True)
    menit_tunggu = fields.Float("Waiting (min)", readonly=True, aggregator="avg")
    menit_layan = fields.Float("Serving (min)", readonly=True, aggregator="avg")
    jumlah = fields.Integer("Visits", readonly=True)

    @property
    def _table_query(self):
        return QUERY
