from ..bpjs import antrean as antrean_fktp
from ..bpjs.request import ANTREAN
from .base import JobType, Problem, card_problems

KETERANGAN = "Mohon menunggu di ruang tunggu sampai nomor antrean dipanggil."


class TambahAntreanFktp(JobType):
    """Publish the queue entry at Antrean FKTP, where Mobile JKN shows it to the patient."""

    name = "tambah_antrean_fktp"
    label = "Antrean FKTP"
    layanan = ANTREAN
    letter = "A"

    def problems(self, antrean):
        env, patient, ruangan = antrean.env, antrean.pasien_id, antrean.ruangan_id
        problems = card_problems(antrean)
        if not patient.nik:
            text = env._("%s has no NIK. Open the patient and enter it.", patient.name)
            problems.append(Problem(text, patient))
        if not ruangan.kd_poli_antrean:
            text = env._(
                "Room %s has no Antrean FKTP poli code. An administrator enters it.", ruangan.name
            )
            problems.append(Problem(text, ruangan))
        return problems + self._doctor_problems(antrean)

    def _doctor_problems(self, antrean):
        env, jadwal, dokter = antrean.env, antrean.jadwal_id, antrean.dokter_id
        if not jadwal:
            text = env._("No doctor and hours are chosen. Open the queue entry and choose them.")
            return [Problem(text, antrean)]
        problems = []
        if jadwal.hari != antrean._weekday():
            text = env._(
                "%(doctor)s does not have these hours on the day of the visit. Open the queue "
                "entry and choose doctor and hours of that day.",
                doctor=dokter.name,
            )
            problems.append(Problem(text, antrean))
        if not dokter.kd_dokter_antrean:
            text = env._(
                "Doctor %s has no Antrean FKTP code. An administrator enters it.", dokter.name
            )
            problems.append(Problem(text, dokter))
        return problems

    def request(self, antrean):
        patient, ruangan = antrean.pasien_id, antrean.ruangan_id
        jadwal, dokter = antrean.jadwal_id, antrean.dokter_id
        return antrean_fktp.add(
            no_kartu=patient.no_kartu_bpjs,
            nik=patient.nik,
            no_hp=patient.phone or "",
            kd_poli=ruangan.kd_poli_antrean,
            nm_poli=ruangan.name,
            no_rm=patient.no_rekam_medis or "",
            tanggal=antrean.tanggal,
            kd_dokter=dokter.kd_dokter_antrean,
            nm_dokter=dokter.name,
            jam_praktek=jadwal.jam_praktek,
            nomor_antrean=antrean.nomor_antrean,
            angka_antrean=antrean.angka_antrean,
            keterangan=KETERANGAN,
        )

    def verify(self, call, request):
        """Send it again: BPJS books a patient once a poli and day and says so the second time."""
        return self.send(call, request)
