from datetime import timezone

from ..bpjs import antrean_fktp
from ..bpjs.antrean_fktp import ANTREAN
from .base import JobType

ARRIVING = ("success", "sending", "unknown")  # BPJS has the entry, or is found out to have it


class PanggilAntreanFktp(JobType):
    """Tell Antrean FKTP that the patient was called, and whether they came."""

    name = "panggil_antrean_fktp"
    label = "Panggil Antrean FKTP"
    layanan = ANTREAN

    def is_wanted(self, antrean):
        """That somebody did not come is told of a cancelled entry, too, before it is taken back. A
        call that was undone is not told.
        """
        is_over = antrean.state == "batal" and not antrean.tidak_hadir
        is_called = bool(antrean.dipanggil_at) and not is_over
        return is_called and antrean._job("tambah_antrean_fktp").state in ARRIVING

    def request(self, antrean):
        sent = antrean._job("tambah_antrean_fktp")._last_request().body
        return antrean_fktp.panggil(
            tanggal=antrean_fktp.SERVICE.date_of(sent["tanggalperiksa"]),
            kd_poli=sent["kodepoli"],
            no_kartu=sent["nomorkartu"],
            hadir=not antrean.tidak_hadir,
            waktu=antrean.dipanggil_at.replace(tzinfo=timezone.utc),
        )

    def is_superseded(self, antrean, request):
        """The last call counts: an earlier one that arrived late leaves it to be told. One that was
        undone is what BPJS was told last.
        """
        return bool(antrean.dipanggil_at) and request.body != self.request(antrean).body

    def verify(self, call, request):
        """A call told twice is told once: it carries the time of the call."""
        return self.send(call, request)
