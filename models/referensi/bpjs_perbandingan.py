from odoo import api, fields, models

from ...bpjs.antrean_fktp import ANTREAN
from ..faskes.bpjs_layanan import service_selection
from .bpjs_referensi import DOKTER, JENIS, KODE, MODEL, POLI

JADWAL = "jadwal"

# The rooms and doctors that are compared. A code of 0 is none.
HERE = {
    POLI: """
        SELECT company_id, '{layanan}' AS layanan, '{jenis}' AS jenis,
               NULLIF(btrim({kode}), '') AS kode, name AS nama,
               id AS ruangan_id, NULL::int AS dokter_id, id * {kinds} + {number} AS id
          FROM antrean_ruangan WHERE active AND jenis_kunjungan = '1'
    """,
    DOKTER: """
        SELECT company_id, '{layanan}' AS layanan, '{jenis}' AS jenis,
               NULLIF(NULLIF(btrim({kode}::text), ''), '0') AS kode, name AS nama,
               NULL::int AS ruangan_id, id AS dokter_id, id * {kinds} + {number} AS id
          FROM antrean_dokter WHERE active
    """,
}
# A row's id must stay the same from one query to the next: it is the id of what the row is made of,
# times the number of what that can be, plus the number of what it is.
KINDS = len(KODE) + 3
REFERENSI_NUMBER, THERE_NUMBER, HERE_NUMBER = range(len(KODE), KINDS)
LISTED = " UNION ALL ".join(
    HERE[jenis].format(layanan=layanan, jenis=jenis, kode=kode, kinds=KINDS, number=number)
    for number, ((layanan, jenis), kode) in enumerate(KODE.items())
)
# Names are compared by their `kunci`: without case, blanks and the dots of titles; hours as
# `bpjs.jadwal` keeps them: an end on the next day is 24 hours later.
QUERY = f"""
    WITH here AS ({LISTED}), listed_here AS (
        SELECT *, regexp_replace(lower(nama), '[^[:alnum:]]', '', 'g') AS kunci
          FROM here
         WHERE (company_id, layanan, jenis) IN (
                   SELECT company_id, layanan, jenis FROM bpjs_referensi)
    ), listed_there AS (
        SELECT *, regexp_replace(lower(nama), '[^[:alnum:]]', '', 'g') AS kunci
          FROM bpjs_referensi
    ), hours_there AS (
        SELECT company_id, kd_poli, kd_dokter, min(id) * {KINDS} + {THERE_NUMBER} AS id,
               max(create_date) AS seen_at,
               string_agg(jam_praktek, ', ' ORDER BY jam_mulai, id) AS jam,
               array_agg(round(jam_mulai * 60) ORDER BY jam_mulai, id) AS mulai,
               array_agg(round(jam_selesai * 60) ORDER BY jam_mulai, id) AS selesai
          FROM bpjs_jadwal
         WHERE (company_id, '{ANTREAN}', tanggal) IN (
                   SELECT company_id, kode, referensi_on FROM bpjs_layanan)
         GROUP BY company_id, kd_poli, kd_dokter
    ), hours_here AS (
        SELECT jadwal.company_id, kd_poli_antrean AS kd_poli, kd_dokter_antrean AS kd_dokter,
               min(jadwal.id) * {KINDS} + {HERE_NUMBER} AS id,
               string_agg(
                   to_char(make_interval(mins => round(jam_mulai * 60)::int), 'HH24:MI') || '-' ||
                   to_char(make_interval(mins => round(jam_selesai * 60)::int), 'HH24:MI'),
                   ', ' ORDER BY jam_mulai, jadwal.id) AS jam,
               array_agg(round(jam_mulai * 60) ORDER BY jam_mulai, jadwal.id) AS mulai,
               array_agg(round(jam_selesai * 60) + CASE WHEN jam_selesai < jam_mulai THEN 1440
                                                        ELSE 0 END
                         ORDER BY jam_mulai, jadwal.id) AS selesai
          FROM antrean_jadwal jadwal
          JOIN antrean_ruangan ruangan ON ruangan.id = ruangan_id
          JOIN antrean_dokter dokter ON dokter.id = dokter_id
         WHERE jadwal.active
           AND (jadwal.company_id, '{ANTREAN}', hari) IN (
                   SELECT company_id, kode, (extract(isodow FROM referensi_on) - 1)::int::text
                     FROM bpjs_layanan)
         GROUP BY jadwal.company_id, kd_poli_antrean, kd_dokter_antrean
    ), ruangan AS (
        SELECT DISTINCT ON (company_id, kd_poli_antrean)
               company_id, kd_poli_antrean AS kd_poli, id, name
          FROM antrean_ruangan WHERE active AND jenis_kunjungan = '1'
         ORDER BY company_id, kd_poli_antrean, sequence, id
    ), dokter AS (
        SELECT DISTINCT ON (company_id, kd_dokter_antrean)
               company_id, kd_dokter_antrean AS kd_dokter, id, name
          FROM antrean_dokter WHERE active AND kd_dokter_antrean > 0
         ORDER BY company_id, kd_dokter_antrean, id
    )
    SELECT COALESCE(listed_here.id, listed_there.id * {KINDS} + {REFERENSI_NUMBER}) AS id,
           company_id, layanan, jenis, kode,
           COALESCE(listed_here.nama, listed_there.nama, kode) AS nama,
           listed_there.nama AS di_bpjs, listed_here.nama AS di_sini,
           listed_there.kunci AS kunci_di_bpjs, listed_here.kunci AS kunci_di_sini,
           listed_there.id AS referensi_id, ruangan_id, dokter_id, seen_at,
           CASE WHEN listed_here.id IS NULL THEN 'bpjs'
                WHEN listed_there.id IS NULL THEN 'klinik'
                WHEN listed_there.kunci IN ('', listed_here.kunci) THEN 'sama'
                ELSE 'beda' END AS status
      FROM listed_there
      FULL JOIN listed_here USING (company_id, layanan, jenis, kode)
     UNION ALL
    SELECT COALESCE(hours_here.id, hours_there.id),
           company_id, '{ANTREAN}', '{JADWAL}', NULL,
           dokter.name || ', ' || ruangan.name,
           hours_there.jam, hours_here.jam,
           NULL, NULL,
           NULL, ruangan.id, dokter.id, hours_there.seen_at,
           CASE WHEN hours_here.id IS NULL THEN 'bpjs'
                WHEN hours_there.id IS NULL THEN 'klinik'
                WHEN (hours_there.mulai, hours_there.selesai)
                   = (hours_here.mulai, hours_here.selesai) THEN 'sama'
                ELSE 'beda' END
      FROM hours_there
      FULL JOIN hours_here USING (company_id, kd_poli, kd_dokter)
      JOIN ruangan USING (company_id, kd_poli)
      JOIN dokter USING (company_id, kd_dokter)
"""


class BpjsPerbandingan(models.Model):
    """What BPJS has beside what is here: poli and rooms, doctors, and hours of the day fetched."""

    _name = "bpjs.perbandingan"
    _description = "BPJS References"
    _auto = False
    _order = "status, jenis, nama, layanan, id"
    _rec_name = "nama"
    _depends = {
        "antrean.ruangan": [
            "active",
            "company_id",
            "jenis_kunjungan",
            "name",
            *(kode for (_layanan, jenis), kode in KODE.items() if jenis == POLI),
        ],
        "antrean.dokter": [
            "active",
            "company_id",
            "name",
            *(kode for (_layanan, jenis), kode in KODE.items() if jenis == DOKTER),
        ],
        "antrean.jadwal": [
            "active",
            "company_id",
            "dokter_id",
            "hari",
            "jam_mulai",
            "jam_selesai",
            "ruangan_id",
        ],
        "bpjs.jadwal": [
            "company_id",
            "jam_mulai",
            "jam_praktek",
            "jam_selesai",
            "kd_dokter",
            "kd_poli",
            "tanggal",
        ],
        "bpjs.layanan": ["company_id", "kode", "referensi_on"],
        "bpjs.referensi": ["company_id", "jenis", "kode", "layanan", "nama", "seen_at"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    layanan = fields.Selection(service_selection, "Service", readonly=True)
    jenis = fields.Selection([*JENIS, (JADWAL, "Hours")], "Kind", readonly=True)
    status = fields.Selection(  # lists are grouped in the order of the keys
        [
            ("beda", "Different"),
            ("bpjs", "Only at BPJS"),
            ("klinik", "Only here"),
            ("sama", "The same"),
        ],
        readonly=True,
    )
    kode = fields.Char("Code", readonly=True)
    nama = fields.Char("Name", readonly=True)
    di_bpjs = fields.Char("At BPJS", readonly=True)
    di_sini = fields.Char("Here", readonly=True)
    kunci_di_bpjs = fields.Char("Compared Name at BPJS", readonly=True)
    kunci_di_sini = fields.Char("Compared Name Here", readonly=True)
    referensi_id = fields.Many2one("bpjs.referensi", "BPJS Reference", readonly=True)
    ruangan_id = fields.Many2one("antrean.ruangan", "Room", readonly=True)
    dokter_id = fields.Many2one("antrean.dokter", "Doctor", readonly=True)
    seen_at = fields.Datetime("Last Seen", readonly=True)

    @property
    def _table_query(self):
        return QUERY

    def _record(self):
        """Return the room or doctor that a row of the lists is about, as far as it is here."""
        return self.env[MODEL[self.jenis]].browse((self.ruangan_id or self.dokter_id).ids)

    @api.model
    def _match(self, company):
        """Give each room and doctor without a code that of the only one at BPJS with its name.

        Where a name is there twice, here or at BPJS, a person decides.
        """
        self.invalidate_model()  # what is here follows from other records
        lists = self.search([("company_id", "=", company.id), ("jenis", "!=", JADWAL)])
        for rows in lists.grouped(lambda row: (row.layanan, row.jenis)).values():
            here = rows.filtered("kunci_di_sini").grouped("kunci_di_sini")
            for kunci, there in rows.filtered("kunci_di_bpjs").grouped("kunci_di_bpjs").items():
                own = here.get(kunci, self.browse())
                if len(there) == len(own) == 1 and there.status == "bpjs" and not own.kode:
                    there.referensi_id._take_code(own._record())

    # What administrators press

    def action_create_here(self):
        """Create the room or doctor that only BPJS has, and match it at the other service, too."""
        self.ensure_one()
        vals = {"name": self.nama, "company_id": self.company_id.id}
        self.referensi_id._take_code(self.env[MODEL[self.jenis]].create(vals))
        self._match(self.company_id)

    def action_choose(self):
        """Let the room or doctor be chosen that has this code."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose for %s", self.referensi_id.display_name),
            "res_model": "bpjs.pasangkan",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_referensi_id": self.referensi_id.id},
        }

    def action_take_over(self):
        """Make what is here as it is at BPJS: a name, or the hours of a weekday."""
        self.ensure_one()
        if self.jenis == JADWAL:
            self._take_over_hours()
        else:
            self._record().name = self.di_bpjs

    def _take_over_hours(self):
        """Change, add and archive the doctor's schedules of the weekday until they are BPJS's.

        Nothing is deleted: queue entries name their schedule.
        """
        company, ruangan, dokter = self.company_id, self.ruangan_id, self.dokter_id
        tanggal = self.env["bpjs.layanan"]._of(company, ANTREAN).referensi_on
        rows = self.env["bpjs.jadwal"].search(
            [
                ("company_id", "=", company.id),
                ("tanggal", "=", tanggal),
                ("kd_poli", "=", ruangan.kd_poli_antrean),
                ("kd_dokter", "=", dokter.kd_dokter_antrean),
            ]
        )
        own = self.env["antrean.jadwal"].search(
            [
                ("ruangan_id.kd_poli_antrean", "=", ruangan.kd_poli_antrean),
                ("dokter_id", "=", dokter.id),
                ("hari", "=", str(tanggal.weekday())),
            ]
        )
        for jadwal, row in zip(own, rows, strict=False):
            jadwal.write(row._hours())
        self.env["antrean.jadwal"].create(
            [
                {
                    "ruangan_id": ruangan.id,
                    "dokter_id": dokter.id,
                    "hari": str(tanggal.weekday()),
                    **row._hours(),
                }
                for row in rows[len(own) :]
            ]
        )
        own[len(rows) :].active = False
