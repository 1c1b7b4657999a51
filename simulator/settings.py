"""How the stand-in behaves, beside what it is asked for by faults."""

import time
from dataclasses import dataclass, fields, replace

_TYPES = {float: (int, float), int: (int,), bool: (bool,), str: (str,)}
_CHOICES = {
    "wrong_cons_id": ("not_registered", "wrong_signature", "authentication_failed"),
    "list_changes": ("no", "grows", "shrinks"),
    "wsdl_schema": ("inline", "apart", "elsewhere", "entity"),
}
_ANY_SIGN = ("clock_ahead",)


@dataclass(frozen=True)
class Settings:
    """Raises `ValueError` for a value of another type, a negative one, or none of the choices."""

    latency_ms: float = 0  # added to every call
    clock_ahead: float = 0  # seconds that BPJS's clock is ahead of the right time
    detect_duplicates: bool = True
    page_size: int = 0  # rows of a PCare list's page at most; 0: as many as asked for
    newest_first: bool = False  # PCare's list of the day
    list_changes: str = "no"  # after each page: somebody else registers, or takes one back
    success_200: bool = False  # every success has code 200, not 201 or 1
    wrong_cons_id: str = "not_registered"  # how an unknown consumer is refused
    proxy_user: str = "proxy-contoh"  # empty: the proxy asks nobody
    proxy_password: str = "sandi-proxy"
    engine_user: str = ""  # empty: the engine asks nobody
    engine_password: str = ""
    wsdl_schema: str = "inline"  # see `soap.wsdl`
    clinic_url: str = ""  # of the clinic's own web service, which Mobile JKN speaks to
    clinic_user: str = ""
    clinic_password: str = ""
    pcare_url: str = ""  # where the engine sends what is for PCare; empty: to this simulator
    antrean_url: str = ""

    def __post_init__(self):
        for setting in fields(self):
            name, value = setting.name, getattr(self, setting.name)
            if type(value) not in _TYPES[setting.type]:
                raise ValueError(f"{name} must be of type {setting.type.__name__}")
            if setting.type in (int, float) and name not in _ANY_SIGN and value < 0:
                raise ValueError(f"{name} must not be negative")
            if value not in _CHOICES.get(name, (value,)):
                raise ValueError(f"{name} must be one of {', '.join(_CHOICES[name])}")

    def changed(self, **values: object) -> "Settings":
        """Others, but for what is named. Raises `TypeError` for an unknown name."""
        return replace(self, **values)

    def now(self) -> float:
        """What BPJS's clock shows, in Unix seconds."""
        return time.time() + self.clock_ahead


DEFAULTS = Settings()
