from dataclasses import replace

from odoo.tools.translate import LazyTranslate

from ..bpjs import pcare
from ..bpjs.errors import UnreadableError
from ..bpjs.outcome import DUPLICATE, REJECTED, SUCCESS, UNKNOWN, UNSENT, Outcome
from ..bpjs.pages import Pages
from ..bpjs.pcare import PCARE
from .base import Compared, JobType, Problem, card_problems, lookup_failed, yes_or_no
from .registration import Registration

_lt = LazyTranslate(__name__)


class PendaftaranPcare(Registration, JobType):
    """Register the visit at PCare and bring back its queue number there."""

    name = "pendaftaran_pcare"
    label = "Pendaftaran PCare"
    layanan = PCARE
    letter = "P"
    sequence = 1
    kd_poli = "kd_poli_pcare"
    verify_changes_nothing = True
    words = {"not_registered": _lt("PCare does not have this registration")}
    depends = ("pasien_id.no_kartu_bpjs", "ruangan_id.kd_poli_pcare")
    compared = Registration.compared | {
        "kind": Compared(_lt("sick visit"), yes_or_no),
        "tkp": Compared(_lt("kdTkp")),
        "provider": Compared(_lt("registered clinic")),
    }

    def about(self, env):
        return env._("PCare registration: the patient's visit at BPJS")

    def problems(self, antrean):
        env, ruangan = antrean.env, antrean.ruangan_id
        problems = card_problems(antrean)
        if not self._kd_poli(antrean):
            text = env._(
                "Room %s has no PCare poli code. An administrator enters it.", ruangan.name
            )
            problems.append(Problem("no_kd_poli", text, ruangan))
        return problems

    def visit_told(self, body):
        tanggal = pcare.SERVICE.date_of(body["tglDaftar"])
        return body["noKartu"], body["kdPoli"], tanggal.isoformat()

    def also_compared(self, antrean, body):
        provider = body["kdProviderPeserta"]
        return [
            ("kind", body["kunjSakit"], antrean.kunjungan_sakit),
            ("tkp", body["kdTkp"], self._kd_tkp(antrean)),
            ("provider", provider, self._kd_provider_peserta(antrean) or provider),
        ]

    def request(self, antrean):
        patient = antrean.pasien_id
        return pcare.pendaftaran_add(
            kd_provider_peserta=self._kd_provider_peserta(antrean),
            tanggal=antrean.tanggal,
            no_kartu=patient.no_kartu_bpjs,
            kd_poli=self._kd_poli(antrean),
            keluhan=antrean.keluhan or None,
            kunj_sakit=antrean.kunjungan_sakit,
            kd_tkp=self._kd_tkp(antrean),
        )

    @staticmethod
    def _faskes(antrean):
        return antrean.env["bpjs.faskes"].sudo()._of(antrean.company_id)

    def _kd_tkp(self, antrean):
        if antrean.kunjungan_sakit:
            return pcare.RAWAT_JALAN
        return self._faskes(antrean).kd_tkp_sehat

    def _kd_provider_peserta(self, antrean):
        """Return the clinic to send, or None where PCare is to be asked for the member's."""
        faskes = self._faskes(antrean)
        if faskes.kd_provider_peserta == "faskes":
            return faskes.kd_provider
        return antrean.pasien_id.kd_provider_peserta or None

    def send(self, call, request):
        """Register, after asking PCare for the member's clinic where we do not know it yet."""
        found = {}
        if not request.body["kdProviderPeserta"]:
            exchange = call(pcare.peserta(request.body["noKartu"]))
            if exchange.outcome.kind != SUCCESS:
                return exchange.outcome
            try:
                found["kd_provider_peserta"] = pcare.kd_provider(
                    exchange.result.response, request.body["noKartu"]
                )
            except UnreadableError as error:
                return Outcome(REJECTED, reason=error.reason)
            body = request.body | {"kdProviderPeserta": found["kd_provider_peserta"]}
            request = replace(request, body=body)
        exchange = call(request)
        outcome = exchange.outcome
        if outcome.kind == DUPLICATE:
            outcome = self._adopt(call, request, outcome)
        elif outcome.kind == SUCCESS:
            try:
                found["no_urut"] = pcare.no_urut(exchange.result.response)
            except UnreadableError as error:
                outcome = Outcome(UNKNOWN, reason=error.reason)
        return replace(outcome, data=found | outcome.data)

    def _adopt(self, call, request, duplicate):
        """Fetch the number of a registration that PCare says it has already."""
        found = self.verify(call, request)
        if found.kind == SUCCESS:
            return replace(duplicate, data=found.data)
        kind = REJECTED if found.kind == UNSENT and found.scope == "job" else UNKNOWN
        return replace(duplicate, kind=kind)

    def verify(self, call, request):
        """Look for the visit in PCare's list of the day: same card, same poli.

        It is not there only where every row could be read.
        """
        body, pages, unread = request.body, Pages(), None
        tanggal = pcare.SERVICE.date_of(body["tglDaftar"])
        while not pages.is_over:
            exchange = call(pcare.pendaftaran_list(tanggal, pages.start, pcare.PAGE))
            if exchange.outcome.kind != SUCCESS:
                return lookup_failed(exchange.outcome)
            try:
                rows = pages.take(exchange.result.response)
            except UnreadableError as error:
                return Outcome(UNKNOWN, reason=error.reason)
            for row in rows:
                try:
                    if no_urut := pcare.registered_as(row, body["noKartu"], body["kdPoli"]):
                        return Outcome(SUCCESS, data={"no_urut": no_urut})
                except UnreadableError as error:
                    unread = Outcome(UNKNOWN, reason=error.reason)
        return unread or Outcome(UNSENT, reason="not_registered")

    def adopted(self, antrean):
        return antrean.env._(
            "PCare had this visit already, entered elsewhere. Its number %s was taken over.",
            antrean.nomor_antrean_pcare,
        )

    def apply(self, antrean, outcome):
        if no_urut := outcome.data.get("no_urut"):
            antrean.nomor_antrean_pcare = no_urut
        if kd_provider := outcome.data.get("kd_provider_peserta"):
            antrean.pasien_id.kd_provider_peserta = kd_provider
