"""What may stand between Odoo and BPJS, as the simulator plays it."""

import os
from dataclasses import dataclass

from . import say


@dataclass(frozen=True)
class Way:
    jalur: str  # as the facility's page has it
    name: str  # as the simulator has it
    path: str = ""  # of its address
    user: str | None = None
    password: str | None = None

    @property
    def option(self):
        """Of the simulator: the port at which to play it."""
        return f"--{self.name}-port"

    def settings(self, url):
        """What a facility has to know to go this way; `url` is where it listens."""
        return {
            "jalur": self.jalur,
            "jalur_alamat": url + self.path,
            "jalur_username": self.user,
            "jalur_password": self.password,
        }


WAYS = {
    "proxy": Way("proxy", "proxy", "", "proxy-contoh", "sandi-proxy"),
    "soap": Way("mesin", "engine", "/services/Mirth"),
}


def asked():
    """The name of the way that the variable `WAY` chooses, "" for the straight one."""
    name = os.environ.get("WAY", "")
    if name and name not in WAYS:
        raise say.Stop(f"WAY={name} is no way to BPJS: there are {' and '.join(WAYS)}.")
    return name
