from __future__ import annotations

from typing import Any, ClassVar

from odoo.tools.translate import LazyTranslate

from .base import Compared, last_two

_lt = LazyTranslate(__name__)


class Registration:
    """Brings a visit to BPJS, which knows it by card, poli and day; for a `JobType` to inherit."""

    registers = True
    kd_poli: ClassVar[str]  # the room's field with the code of its poli at this service
    compared = {
        "card": Compared(_lt("card"), last_two),
        "poli": Compared(_lt("poli")),
        "day": Compared(_lt("day")),
    }

    def visit(self, antrean):
        """What is not entered yet is told apart by our own records."""
        return (
            antrean.pasien_id.no_kartu_bpjs or f"pasien {antrean.pasien_id.id}",
            self._kd_poli(antrean) or f"ruangan {antrean.ruangan_id.id}",
            antrean.tanggal.isoformat(),
        )

    def differences(self, antrean, request):
        card, poli, day = self.visit_told(request.body)
        compared = [
            ("card", card, antrean.pasien_id.no_kartu_bpjs),
            ("poli", poli, self._kd_poli(antrean)),
            ("day", day, antrean.tanggal.isoformat()),
            *self.also_compared(antrean, request.body),
        ]
        return [each for each in compared if (each[1] or False) != (each[2] or False)]

    def also_compared(self, antrean, body: dict) -> list[tuple[str, Any, Any]]:
        """Return what else counts, beside card, poli and day."""
        return []

    def _kd_poli(self, antrean):
        return antrean.ruangan_id[self.kd_poli] or ""
