import json
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...bpjs.services import SERVICES
from .antrean_laporan import QUERY

STEPS = ("day", "week", "month")
LONGEST = relativedelta(years=2)
TARGET = 150  # contacts a month per thousand members
MOST_CAUSES = 10

# Each part of the page is made of the same visits, read once: those of whole months, for contacts
# are counted by the month, also where the period has only a part of one. A member counts once a
# month, under whichever patient's record.
FIGURES = """
    WITH bulanan AS MATERIALIZED (
        SELECT antrean_id, company_id, tanggal, pasien_id, ruangan_id, state, sumber, jam,
               dilaporkan, peserta, kontak, di_pcare, dilaporkan AND state != 'batal' AS is_told,
               status_p, status_a, sekali_p, sekali_a, menit_p, menit_a, jumlah_dipanggil,
               masih_menunggu, menit_tunggu, menit_layan
          FROM (%(query)s) AS visits
         WHERE company_id = ANY(%(companies)s) AND tanggal BETWEEN %(first)s AND %(last)s
    ), kunjungan AS NOT MATERIALIZED (
        SELECT * FROM bulanan WHERE tanggal BETWEEN %(begin)s AND %(end)s
    ), pasien AS (
        SELECT date_trunc('month', tanggal::timestamp)::date AS bulan, company_id, pasien_id,
               bool_or(kontak) AS is_contact
          FROM bulanan
         WHERE dilaporkan AND peserta AND (kontak OR antrean_id IN %(owed)s)
         GROUP BY 1, 2, 3
    ), kontak AS (
        SELECT bulan, pasien.company_id,
               count(DISTINCT member) FILTER (WHERE is_contact) AS kontak,
               count(DISTINCT member) AS dengan_terutang
          FROM pasien
          JOIN LATERAL (SELECT COALESCE(no_kartu_bpjs, 'pasien ' || id) AS member
                          FROM res_partner WHERE id = pasien_id) AS card ON true
         GROUP BY 1, 2 ORDER BY 1, 2
    ), seri AS (
        SELECT date_trunc(%(step)s, tanggal::timestamp)::date AS mulai, %(counts)s
          FROM kunjungan GROUP BY 1 ORDER BY 1
    ), fasilitas AS (
        SELECT company_id, %(counts)s
          FROM kunjungan WHERE cardinality(%(companies)s) > 1 GROUP BY 1 ORDER BY 1
    ), semua AS (
        SELECT %(counts)s FROM kunjungan
    ), sumber AS (
        SELECT sumber, count(*) AS kunjungan, sum(jumlah_dipanggil) AS dipanggil
          FROM kunjungan WHERE state != 'batal' GROUP BY 1 ORDER BY 2 DESC
    ), ruangan AS (
        SELECT ruangan_id, %(waits)s
          FROM kunjungan WHERE state != 'batal' GROUP BY 1 ORDER BY 1
    ), jam AS (
        SELECT jam, %(waits)s
          FROM kunjungan WHERE state != 'batal' GROUP BY 1 ORDER BY 1
    )
    SELECT (SELECT jsonb_agg(to_jsonb(part))::text FROM seri part),
           (SELECT jsonb_agg(to_jsonb(part))::text FROM fasilitas part),
           (SELECT to_jsonb(part)::text FROM semua part),
           (SELECT jsonb_agg(to_jsonb(part))::text FROM sumber part),
           (SELECT jsonb_agg(to_jsonb(part))::text FROM ruangan part),
           (SELECT jsonb_agg(to_jsonb(part))::text FROM jam part),
           (SELECT jsonb_agg(to_jsonb(part))::text FROM kontak part)
"""
COUNTS = """
    count(*) AS kunjungan,
    count(*) FILTER (WHERE di_pcare) AS di_pcare,
    count(*) FILTER (WHERE is_told) AS bpjs,
    count(*) FILTER (WHERE is_told AND status_p IN ('ok', 'gagal')) AS dikirim_p,
    count(*) FILTER (WHERE is_told AND status_a IN ('ok', 'gagal')) AS dikirim_a,
    count(*) FILTER (WHERE is_told AND status_p = 'ok') AS ok_p,
    count(*) FILTER (WHERE is_told AND status_a = 'ok') AS ok_a,
    count(*) FILTER (WHERE is_told AND sekali_p = 1) AS sekali_p,
    count(*) FILTER (WHERE is_told AND sekali_a = 1) AS sekali_a,
    percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY menit_p)
        FILTER (WHERE is_told) AS menit_p,
    percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY menit_a)
        FILTER (WHERE is_told) AS menit_a
"""
WAITS = """
    count(*) AS kunjungan, sum(jumlah_dipanggil) AS dipanggil,
    sum(masih_menunggu) AS masih_menunggu,
    avg(menit_tunggu) AS tunggu,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY menit_tunggu) AS tunggu_95,
    avg(menit_layan) AS layan
"""
CAUSES = """
    SELECT job.galat_id, count(*)
      FROM bpjs_job job
      JOIN antrean_antrean antrean ON antrean.id = job.antrean_id
     WHERE job.company_id = ANY(%s) AND antrean.tanggal BETWEEN %s AND %s
       AND job.state NOT IN ('success', 'cancelled') AND job.message IS NOT NULL
     GROUP BY 1
     ORDER BY 2 DESC, 1
     LIMIT %s
"""
# Who is down at 09:40 and well again at 10:15 was so for 20 minutes of 9 and 15 of 10 o'clock.
OUTAGES = """
    SELECT layanan, extract(hour FROM hour)::int AS jam,
           sum(extract(epoch FROM LEAST(selesai, hour + interval '1 hour')
                                  - GREATEST(mulai, hour)) / 60)
      FROM (SELECT layanan,
                   GREATEST(mulai_at AT TIME ZONE 'UTC' AT TIME ZONE antrean_tz, %(begin)s::date)
                       AS mulai,
                   LEAST(COALESCE(selesai_at, now() AT TIME ZONE 'UTC')
                             AT TIME ZONE 'UTC' AT TIME ZONE antrean_tz,
                         %(end)s::date + interval '1 day') AS selesai
              FROM bpjs_gangguan
              JOIN res_company company ON company.id = company_id
             WHERE company_id = ANY(%(companies)s)) AS outage
     CROSS JOIN LATERAL generate_series(
               date_trunc('hour', mulai), selesai - interval '1 microsecond', interval '1 hour'
           ) AS hour
     WHERE mulai < selesai
     GROUP BY 1, 2
"""


class AntreanLaporan(models.Model):
    """The figures of the report's page."""

    _inherit = "antrean.laporan"

    @api.model
    def get_laporan(self, dari, sampai, tingkat):
        """Return all figures of a period, of the user's companies.

        :param str dari: the first day, yyyy-mm-dd
        :param str sampai: the last one, as well
        :param str tingkat: "day", "week" or "month", of which each gets a column
        :returns: {"periode": {dari, sampai}, "semua": counts, "seri": [{mulai, sampai, **counts}],
            "fasilitas": [{company_id, nama, **counts}] where there are several,
            "layanan": [{kode, label, dikirim, ok, sekali, median, p95}],
            "sumber": [{sumber, label, kunjungan, dipanggil}],
            "ruangan": [{ruangan_id, nama, **waits}], "jam": [{jam, **waits}],
            "sebab": [{galat_id, sebab, jumlah}],
            "gangguan": [{layanan, label, menit: 24 numbers}],
            "kontak": [{bulan, company_id, nama, kontak, dengan_terutang, peserta, permil,
            permil_terutang}], "target": per mille, "terutang": visits}; minutes are floats or None
        :rtype: dict
        """
        self.check_access("read")
        self.env.companies.check_access("read")  # `sudo` below takes any that are named
        begin, end = self._period(dari, sampai, tingkat)
        laporan = self.sudo()
        laporan.env.flush_all()
        figures = laporan._figures(begin, end, tingkat)
        return {
            "periode": {"dari": begin.isoformat(), "sampai": end.isoformat()},
            **figures,
            "layanan": self._by_service(figures["semua"]),
            "sebab": laporan._causes(begin, end),
            "gangguan": laporan._outages(begin, end),
            "target": TARGET,
            "terutang": laporan._count_owed(),
        }

    def _period(self, dari, sampai, tingkat):
        try:
            begin, end = fields.Date.to_date(dari), fields.Date.to_date(sampai)
        except ValueError:
            begin = end = None
        if tingkat not in STEPS:
            raise UserError(self.env._("The report is made by day, week or month."))
        if not begin or not end or end < begin or begin + LONGEST < end:
            raise UserError(
                self.env._("Choose a first and a last day, at most two years from each other.")
            )
        return begin, end

    def _execute(self, statement, **values):
        values |= {"companies": self.env.companies.ids, "query": SQL(QUERY)}
        return self.env.execute_query(SQL(statement, **values))

    def _figures(self, begin, end, step):
        [parts] = self._execute(
            FIGURES,
            begin=begin,
            end=end,
            first=begin.replace(day=1),
            last=end + relativedelta(day=31),
            step=step,
            counts=SQL(COUNTS),
            waits=SQL(WAITS),
            owed=self._owed().subselect(),
        )
        series, facilities, total, sources, rooms, hours, contacts = (
            json.loads(part or "[]") for part in parts
        )
        companies, names = self.env["res.company"], self.env["antrean.ruangan"]
        source = dict(self._fields["sumber"]._description_selection(self.env))
        pause = {"day": relativedelta(days=1), "week": relativedelta(weeks=1)}
        pause = pause.get(step, relativedelta(months=1))
        return {
            "semua": total,
            "seri": [
                row
                | {
                    "mulai": max(start := fields.Date.to_date(row["mulai"]), begin).isoformat(),
                    "sampai": min(start + pause - timedelta(days=1), end).isoformat(),
                }
                for row in series
            ],
            "fasilitas": [
                row | {"nama": companies.browse(row["company_id"]).name} for row in facilities
            ],
            "sumber": [row | {"label": source[row["sumber"]]} for row in sources],
            "ruangan": [row | {"nama": names.browse(row["ruangan_id"]).name} for row in rooms],
            "jam": hours,
            "kontak": self._per_member(contacts),
        }

    @staticmethod
    def _by_service(total):
        return [
            {
                "kode": letter,
                "label": SERVICES[kode].label,
                "dikirim": total[f"dikirim_{letter}"],
                "ok": total[f"ok_{letter}"],
                "sekali": total[f"sekali_{letter}"],
                "median": (total[f"menit_{letter}"] or [None])[0],
                "p95": (total[f"menit_{letter}"] or [None, None])[1],
            }
            for letter, kode in (("p", "pcare"), ("a", "antrean_fktp"))
        ]

    def _causes(self, begin, end):
        rows = self.env.execute_query(SQL(CAUSES, self.env.companies.ids, begin, end, MOST_CAUSES))
        causes = self.env["bpjs.galat"].browse(galat_id for galat_id, _count in rows if galat_id)
        names = {galat.id: galat.penyebab for galat in causes}
        return [
            {
                "galat_id": galat_id or False,
                "sebab": names.get(galat_id) or self.env._("Not explained yet"),
                "jumlah": count,
            }
            for galat_id, count in rows
        ]

    def _outages(self, begin, end):
        minutes = {kode: [0.0] * 24 for kode in SERVICES}
        for kode, hour, count in self._execute(OUTAGES, begin=begin, end=end):
            minutes[kode][hour] = float(count)
        return [
            {"layanan": kode, "label": SERVICES[kode].label, "menit": hours}
            for kode, hours in minutes.items()
        ]

    def _per_member(self, contacts):
        """Set contacts beside the number of members that each facility has."""
        members = {
            faskes.company_id.id: faskes.jumlah_peserta
            for faskes in self.env["bpjs.faskes"].search(
                [("company_id", "in", self.env.companies.ids)]
            )
        }
        return [
            row
            | {
                "nama": self.env["res.company"].browse(row["company_id"]).name,
                "peserta": (count := members.get(row["company_id"], 0)),
                "permil": _per_mille(row["kontak"], count),
                "permil_terutang": _per_mille(row["dengan_terutang"], count),
            }
            for row in contacts
        ]

    def _owed(self):
        entries = self.env["antrean.antrean"]
        return entries._search(entries._terutang_domain(self.env.companies))

    def _count_owed(self):
        entries = self.env["antrean.antrean"]
        return entries.search_count(entries._terutang_domain(self.env.companies))


def _per_mille(count, members):
    return round(1000 * count / members, 1) if members else None
