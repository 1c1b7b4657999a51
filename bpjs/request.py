from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Request:
    """One call: what to send where, and which codes say that BPJS did it."""

    service: str  # its code
    method: str
    path: str  # below the service's base URL, quoted
    body: dict | None = None
    success: frozenset[int] = frozenset({200})
    registers: bool = False  # refused as "sudah terdaftar", it is there already

    @property
    def has_effect(self) -> bool:
        return self.method != "GET"

    def as_dict(self) -> dict:
        """The request as JSON can keep it, without a loss."""
        return vars(self) | {"success": sorted(self.success)}

    @classmethod
    def from_dict(cls, values: dict) -> Request:
        return cls(**values | {"success": frozenset(values["success"])})


def path(*segments: object) -> str:
    """Raises `ValueError` for a blank segment: BPJS would answer as to a wrong address."""
    quoted = [quote(str(segment).strip(), safe="") for segment in segments]
    if not all(quoted):
        raise ValueError("A part of the path is blank")
    return "/" + "/".join(quoted)
