import re
from dataclasses import replace

from ..bpjs import antrean_fktp
from ..bpjs.antrean_fktp import ANTREAN
from ..bpjs.outcome import REJECTED, SUCCESS
from .base import JobType, Undo

CORRECTED = "Data pendaftaran diperbaiki"  # the reason where the entry itself goes on
# Of the visit itself: a poli that is not found has it still.
NOT_THERE = re.compile(
    r"\b(antrean|peserta|pasien|data)( ini)? tidak ditemukan|sudah dibatalkan", re.IGNORECASE
)


class BatalAntreanFktp(Undo, JobType):
    """Take back a published queue entry: the one Antrean FKTP has, or may have."""

    name = "batal_antrean_fktp"
    label = "Batal Antrean FKTP"
    layanan = ANTREAN
    undoes = "tambah_antrean_fktp"

    def comes_after(self, antrean):
        """BPJS takes back nobody whom it takes for served, so it first learns of the last call."""
        call = antrean._job("panggil_antrean_fktp")
        return call if call and not call._has_ended() else super().comes_after(antrean)

    def request(self, antrean):
        sent = self.undone_job(antrean)._last_request().body
        return antrean_fktp.batal(
            tanggal=antrean_fktp.SERVICE.date_of(sent["tanggalperiksa"]),
            kd_poli=sent["kodepoli"],
            no_kartu=sent["nomorkartu"],
            alasan=antrean.alasan_batal or CORRECTED,
        )

    def send(self, call, request):
        outcome = call(request).outcome
        if outcome.kind == REJECTED and NOT_THERE.search(outcome.message):
            return replace(outcome, kind=SUCCESS)
        return outcome

    def verify(self, call, request):
        """Cancelling twice is as good as once."""
        return self.send(call, request)
