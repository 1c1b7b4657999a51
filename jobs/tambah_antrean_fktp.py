from dataclasses import replace

from odoo.tools.translate import LazyTranslate

from ..bpjs import antrean_fktp, referensi
from ..bpjs.antrean_fktp import ANTREAN
from ..bpjs.errors import UnreadableError
from ..bpjs.outcome import LEARNED, REJECTED, SUCCESS, Outcome
from .base import Compared, JobType, Problem, card_problems, last_two
from .registration import Registration

_lt = LazyTranslate(__name__)

KETERANGAN = "Mohon menunggu di ruang tunggu sampai nomor antrean dipanggil."


class TambahAntreanFktp(Registration, JobType):
    """Publish the queue entry at Antrean FKTP, where Mobile JKN shows it to the patient."""

    name = "tambah_antrean_fktp"
    label = "Antrean FKTP"
    layanan = ANTREAN
    letter = "A"
    sequence = 2
    kd_poli = "kd_poli_antrean"
    follows_schedule = True
    words = {"no_schedule": _lt("BPJS has no practice hours in this poli on this day")}
    depends = (
        "pasien_id.no_kartu_bpjs",
        "pasien_id.nik",
        "ruangan_id.kd_poli_antrean",
        "jadwal_id.hari",
        "jadwal_id.jam_mulai",
        "jadwal_id.jam_selesai",
        "dokter_id.kd_dokter_antrean",
        "jadwal_bpjs_ids",
    )
    compared = Registration.compared | {
        "nik": Compared(_lt("NIK"), last_two),
        "number": Compared(_lt("queue number")),
        "doctor": Compared(_lt("doctor")),
        "hours": Compared(_lt("hours")),
    }

    def about(self, env):
        return env._("Antrean FKTP: the queue number that Mobile JKN shows the patient")

    def advice(self, env):
        return env._("Accept the entry with confirmation. Antrean FKTP can be handled manually")

    def problems(self, antrean):
        env, patient, ruangan = antrean.env, antrean.pasien_id, antrean.ruangan_id
        problems = card_problems(antrean)
        if not patient.nik:
            text = env._("%s has no NIK. Open the patient and enter it.", patient.name)
            problems.append(Problem("no_nik", text, patient))
        if not self._kd_poli(antrean):
            text = env._(
                "Room %s has no Antrean FKTP poli code. An administrator enters it.", ruangan.name
            )
            problems.append(Problem("no_kd_poli", text, ruangan))
        return problems + self._doctor_problems(antrean)

    def _doctor_problems(self, antrean):
        env, jadwal, dokter = antrean.env, antrean.jadwal_id, antrean.dokter_id
        if not jadwal:
            text = env._("No doctor and hours are chosen. Open the queue entry and choose them.")
            return [Problem("no_jadwal", text, antrean)]
        problems = []
        if jadwal.hari != antrean._weekday():
            text = env._(
                "%(doctor)s does not have these hours on the day of the visit. Open the queue "
                "entry and choose doctor and hours of that day.",
                doctor=dokter.name,
            )
            problems.append(Problem("other_day", text, antrean))
        if not dokter.kd_dokter_antrean:
            text = env._(
                "Doctor %s has no Antrean FKTP code. An administrator enters it.", dokter.name
            )
            problems.append(Problem("no_kd_dokter", text, dokter))
        elif antrean.jadwal_bpjs_ids and not (antrean._praktek() or self._is_to_ask(antrean)):
            problems.append(Problem("no_schedule", self._no_hours(antrean), antrean))
        return problems

    def _is_to_ask(self, antrean):
        """Whether a job on its way has not asked BPJS itself: what others learned may be old."""
        job = antrean._job(self.name).sudo()
        has_learned = job.outcome == LEARNED and job.request == self._question(antrean).as_dict()
        return bool(job) and not job._has_ended() and not has_learned

    @staticmethod
    def _no_hours(antrean):
        env, jadwal = antrean.env, antrean.jadwal_id
        who = {"doctor": jadwal.dokter_id.name, "room": antrean.ruangan_id.name}
        if others := antrean.jadwal_bpjs_ids._of_doctor(jadwal.dokter_id):
            return env._(
                "BPJS has no practice hours of %(doctor)s in %(room)s at %(hours)s on this day, "
                "only %(others)s. Choose other hours, or have the schedule corrected at BPJS.",
                **who,
                hours=jadwal.jam_praktek,
                others=", ".join(others.mapped("jam_praktek")),
            )
        return env._(
            "BPJS has no practice hours of %(doctor)s in %(room)s on this day. Choose another "
            "doctor, or have the schedule corrected at BPJS.",
            **who,
        )

    def visit_told(self, body):
        return body["nomorkartu"], body["kodepoli"], body["tanggalperiksa"]

    def also_compared(self, antrean, body):
        jadwal, dokter = antrean.jadwal_id, antrean.dokter_id
        there = f"{body['namadokter']} ({body['kodedokter']})"
        is_same_doctor = body["kodedokter"] == dokter.kd_dokter_antrean
        here = there if is_same_doctor else f"{dokter.name} ({dokter.kd_dokter_antrean})"
        hours = body["jampraktek"]
        return [
            ("number", body["nomorantrean"], antrean.nomor_antrean),
            ("nik", body["nik"], antrean.pasien_id.nik),
            ("doctor", there, here),
            ("hours", hours, hours if jadwal._meets(hours) else jadwal.jam_praktek),
        ]

    def request(self, antrean):
        """Publish it with the doctor and hours of BPJS's own schedule; first ask for that where it
        is not known yet.
        """
        praktek = antrean._praktek()
        return self.publication(antrean, praktek) if praktek else self._question(antrean)

    @staticmethod
    def publication(antrean, praktek):
        """Return what publishes it with these doctor and hours (kd_poli, kd_dokter, nm_dokter and
        jam_praktek, as BPJS writes them).
        """
        patient, ruangan = antrean.pasien_id, antrean.ruangan_id
        return antrean_fktp.add(
            no_kartu=patient.no_kartu_bpjs,
            nik=patient.nik,
            no_hp=patient.phone or "",
            kd_poli=praktek.kd_poli,
            nm_poli=ruangan.nama_poli_antrean,
            no_rm=patient.no_rekam_medis or "",
            tanggal=antrean.tanggal,
            kd_dokter=praktek.kd_dokter,
            nm_dokter=praktek.nm_dokter or antrean.dokter_id.name,
            jam_praktek=praktek.jam_praktek,
            nomor_antrean=antrean.nomor_antrean,
            angka_antrean=antrean.angka_antrean,
            keterangan=KETERANGAN,
        )

    def _question(self, antrean):
        return antrean_fktp.ref_dokter(self._kd_poli(antrean), antrean._day())

    def send(self, call, request):
        """Publish it, or ask for the schedule. Where BPJS refuses, its schedule may be another one
        by now: what it says then makes another request, or the refusal stands.
        """
        if not request.has_effect:
            return self._ask(call, request)
        outcome = call(request).outcome
        if outcome.kind == REJECTED:
            tanggal = antrean_fktp.SERVICE.date_of(request.body["tanggalperiksa"])
            question = antrean_fktp.ref_dokter(request.body["kodepoli"], tanggal)
            return replace(outcome, data=self._ask(call, question).data)
        return outcome

    @staticmethod
    def _ask(call, question):
        """Return BPJS's schedule of a poli and day as what was learned; none is a refusal."""
        exchange = call(question)
        outcome, rows = exchange.outcome, referensi.Rows()
        if outcome.kind == SUCCESS:
            try:
                rows = referensi.jadwal(exchange.result.response)
            except UnreadableError as error:
                return Outcome(REJECTED, reason=error.reason)
            outcome = Outcome(LEARNED) if rows else Outcome(REJECTED, reason="no_schedule")
        elif outcome.kind != REJECTED or not referensi.NO_ROWS.search(outcome.message):
            return outcome
        kd_poli, tanggal = antrean_fktp.asked_of(question)
        return replace(outcome, data={"tanggal": tanggal, "praktek": {kd_poli: rows}})

    def verify(self, call, request):
        """Send it again: BPJS books a patient once a poli and day and says so the second time. By
        which of the two, or by whom else, it does not say.
        """
        return self.send(call, request)

    def adopted(self, antrean):
        return antrean.env._(
            "BPJS had this patient in this poli already, so Mobile JKN may show another queue "
            "number. Tell the patient that %s counts here.",
            antrean.nomor_antrean,
        )

    def learn(self, antrean, outcome):
        if "praktek" in outcome.data:
            antrean.env["bpjs.jadwal"]._keep(antrean.company_id, **outcome.data)

    def renew(self, antrean):
        if antrean._job(self.name).state == "failed":
            antrean.jadwal_bpjs_ids.unlink()
