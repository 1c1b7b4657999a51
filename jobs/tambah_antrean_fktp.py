from ..bpjs import antrean as antrean_fktp
from ..bpjs.request import ANTREAN
from .base import JobType, Refused

KETERANGAN = "Mohon menunggu di ruang tunggu sampai nomor antrean dipanggil."


class TambahAntreanFktp(JobType):
    """Publish the queue entry at Antrean FKTP, where Mobile JKN shows it to the patient."""

    name = "tambah_antrean_fktp"
    label = "Antrean FKTP"
    layanan = ANTREAN
    letter = "A"

    def request(self, antrean):
        env, patient, ruangan = antrean.env, antrean.pasien_id, antrean.ruangan_id
        jadwal, dokter = antrean.jadwal_id, antrean.jadwal_id.dokter_id
        if not patient.no_kartu_bpjs:
            raise Refused(
                env._("%s has no BPJS card number. Open the patient and enter it.", patient.name)
            )
        if not ruangan.kd_poli_antrean:
            raise Refused(
                env._(
                    "Room %s has no Antrean FKTP poli code. An administrator enters it.",
                    ruangan.name,
                )
            )
        if not jadwal:
            raise Refused(
                env._("No doctor and hours are chosen. Open the queue entry and choose them.")
            )
        if not dokter.kd_dokter_antrean:
            raise Refused(
                env._(
                    "Doctor %s has no Antrean FKTP code. An administrator enters it.", dokter.name
                )
            )
        return antrean_fktp.add(
            no_kartu=patient.no_kartu_bpjs,
            nik=patient.nik or "",
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
