from dataclasses import replace
from urllib.parse import unquote

from odoo.tools.translate import LazyTranslate

from ..bpjs import pcare
from ..bpjs.errors import UnreadableError
from ..bpjs.outcome import REJECTED, SUCCESS, UNKNOWN, UNSENT, Outcome
from ..bpjs.pcare import PCARE
from .base import JobType, Problem, Undo, lookup_failed

_lt = LazyTranslate(__name__)


class BatalPendaftaranPcare(Undo, JobType):
    """Take back a registration: the one PCare has, whatever the entry says by now."""

    name = "batal_pendaftaran_pcare"
    label = "Batal Pendaftaran PCare"
    layanan = PCARE
    undoes = "pendaftaran_pcare"
    verify_changes_nothing = True
    words = {"still_registered": _lt("PCare still has this registration")}

    def problems(self, antrean):
        if antrean.nomor_antrean_pcare:
            return []
        text = antrean.env._(
            "PCare never said whether it has this visit. Look for %s in PCare itself and delete "
            "the registration there.",
            antrean.pasien_id.name,
        )
        return [Problem("never_said", text, antrean)]

    def request(self, antrean):
        sent = self.undone_job(antrean)._last_request().body
        return pcare.pendaftaran_delete(
            no_kartu=sent["noKartu"],
            tanggal=pcare.SERVICE.date_of(sent["tglDaftar"]),
            no_urut=antrean.nomor_antrean_pcare,
            kd_poli=sent["kdPoli"],
        )

    def send(self, call, request):
        """Delete it; where PCare refuses, it may be gone already."""
        outcome = call(request).outcome
        if outcome.kind == REJECTED and self.verify(call, request).kind == SUCCESS:
            return replace(outcome, kind=SUCCESS)
        return outcome

    def verify(self, call, request):
        """See whether PCare still has it."""
        parts = [unquote(part) for part in request.path.split("/")]
        sent = dict(zip(parts[2::2], parts[3::2], strict=True))
        tanggal = pcare.SERVICE.date_of(sent["tglDaftar"])
        exchange = call(pcare.pendaftaran_get(sent["noUrut"], tanggal))
        if exchange.outcome.kind != SUCCESS:
            return lookup_failed(exchange.outcome)
        item = exchange.result.response
        try:
            if item and pcare.registered_as(item, sent["peserta"], sent["kdPoli"]):
                return Outcome(UNSENT, reason="still_registered")
        except UnreadableError as error:
            return Outcome(UNKNOWN, reason=error.reason)
        return Outcome(SUCCESS)

    def apply(self, antrean, outcome):
        antrean.nomor_antrean_pcare = False
        return super().apply(antrean, outcome)
