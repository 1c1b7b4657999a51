from functools import lru_cache

from odoo import models

from ...bpjs.client import Client, Credentials
from ...bpjs.services import SERVICES
from .bpjs_jalur import MESIN


class BpjsLayanan(models.Model):
    """What calls a service, with the settings of it and of its facility."""

    _inherit = "bpjs.layanan"

    def _client(self):
        """Return the client for these settings, shared by all threads of this process."""
        return _shared_client(**self._client_settings())

    def _new_client(self, longest):
        """Return a client without a connection yet; no time-out of it is above `longest` s."""
        settings = self._client_settings()
        timeouts = {name: min(self[name], longest) for name in ("connect_timeout", "read_timeout")}
        return Client(**settings | timeouts)

    def _client_settings(self):
        self.ensure_one()
        layanan, faskes = self.sudo(), self.sudo().faskes_id
        return {
            "service": self.kode,
            "base_url": self.base_url,
            "credentials": Credentials(
                cons_id=faskes.cons_id,
                secret=faskes.secret,
                user_key=layanan.user_key or "",
                username=faskes.username or "",
                password=faskes.password or "",
                kd_aplikasi=faskes.kd_aplikasi,
            ),
            "content_type": self.content_type,
            "connect_timeout": self.connect_timeout,
            "read_timeout": self.read_timeout,
            "ca_bundle": self._bundle() or None,
            "pool_size": self.concurrency,
            "way": faskes._way(),
        }

    def _bundle(self):
        """Return the path of the certificates to trust: those of whom we connect to."""
        layanan = self.sudo()
        if layanan.faskes_id.jalur == MESIN:
            return layanan.faskes_id.jalur_ca_bundle
        return layanan.ca_bundle

    def _probe_request(self):
        """Return a harmless GET that shows whether the service works with these settings."""
        return SERVICES[self.kode].probe(self.company_id._antrean_today())


@lru_cache(maxsize=64)
def _shared_client(**settings):
    return Client(**settings)
