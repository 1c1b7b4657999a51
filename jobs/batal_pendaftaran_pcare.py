from datetime import datetime

from ..bpjs import pcare
from ..bpjs.errors import UnreadableError
from ..bpjs.outcome import REJECTED, SUCCESS, UNKNOWN, UNSENT, Outcome
from ..bpjs.request import PCARE
from .base import JobType, Problem, Undo, lookup_failed


class BatalPendaftaranPcare(Undo, JobType):
    """Take back a registration: the one PCare has, whatever the entry says by now."""

    name = "batal_pendaftaran_pcare"
    label = "Batal Pendaftaran PCare"
    layanan = PCARE
    undoes = "pendaftaran_pcare"
    verify_changes_nothing = True

    def problems(self, antrean):
        if antrean.nomor_antrean_pcare:
            return []
        text = antrean.env._(
            "PCare never said whether it has this visit. Look for %s in PCare itself and delete "
            "the registration there.",
            antrean.pasien_id.name,
        )
        return [Problem(text, antrean)]

    def request(self, antrean):
        sent = self.undone_job(antrean)._last_request().body
        return pcare.pendaftaran_delete(
            no_kartu=sent["noKartu"],
            tanggal=_date(sent["tglDaftar"]),
            no_urut=antrean.nomor_antrean_pcare,
            kd_poli=sent["kdPoli"],
        )

    def send(self, call, request):
        """Delete it; where PCare refuses, it may be gone already."""
        outcome = call(request).outcome
        if outcome.kind == REJECTED and self.verify(call, request).kind == SUCCESS:
            return Outcome(SUCCESS, outcome.message)
        return outcome

    def verify(self, call, request):
        """See whether PCare still has it."""
        parts = request.path.split("/")
        sent = dict(zip(parts[2::2], parts[3::2], strict=True))
        exchange = call(pcare.pendaftaran_get(sent["noUrut"], _date(sent["tglDaftar"])))
        if exchange.outcome.kind != SUCCESS:
            return lookup_failed(exchange.outcome)
        item = exchange.result.response
        try:
            if item and pcare.is_registration_of(item, sent["peserta"], sent["kdPoli"]):
                return Outcome(UNSENT, "PCare still has this registration")
        except UnreadableError as error:
            return Outcome(UNKNOWN, str(error))
        return Outcome(SUCCESS, "")

    def apply(self, antrean, outcome):
        antrean.nomor_antrean_pcare = False
        return super().apply(antrean, outcome)


def _date(text):
    return datetime.strptime(text, "%d-%m-%Y").date()
