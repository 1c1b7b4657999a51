from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ...bpjs import address
from ...bpjs.services import SERVICES
from ...bpjs.ways.http import Direct, Proxy
from ...bpjs.ways.soap import Engine
from ..antrean.res_partner import ADMIN
from .bpjs_layanan import stripped, without_unchanged

_lt = LazyTranslate(__name__)

PROXY, MESIN = "proxy", "mesin"
VIA = [(PROXY, "Through a proxy"), (MESIN, "Through an integration engine (SOAP)")]
CLASSES = {PROXY: Proxy, MESIN: Engine}
SETTINGS = {
    "jalur",
    "jalur_alamat",
    "jalur_username",
    "jalur_password",
    "jalur_ca_bundle",
    "jalur_lingkungan",
}

NO_ADDRESS = {
    PROXY: _lt(
        "Enter the address of the proxy, such as http://10.0.0.5:3128, or choose the direct way."
    ),
    MESIN: _lt(
        "Enter the address of the integration engine, such as "
        "http://10.0.0.5:8081/services/Mirth, or choose the direct way."
    ),
}
WRONG_ADDRESS = {
    PROXY: _lt(
        "“%s” is no address of a proxy. Write its host and port, such as http://10.0.0.5:3128; "
        "user and password are entered below."
    ),
    MESIN: _lt(
        "“%s” is no address of an integration engine. Write that of the channel's Web Service "
        "Listener, such as http://10.0.0.5:8081/services/Mirth; user and password are entered "
        "below."
    ),
}
WITH_WAY = {  # a service
    PROXY: _lt("%s (through the proxy)"),
    MESIN: _lt("%s (through the integration engine)"),
}
THROUGH = {
    PROXY: _lt("Through the proxy %s"),
    MESIN: _lt("Through the integration engine %s"),
}


class BpjsFaskes(models.Model):
    """The way on which a facility's calls reach BPJS."""

    _inherit = "bpjs.faskes"

    jalur = fields.Selection(
        [("langsung", "Direct"), *VIA], "Way to BPJS", required=True, default="langsung"
    )
    jalur_alamat = fields.Char("Address on the Way")
    jalur_username = fields.Char("User on the Way", copy=False, groups=ADMIN)
    jalur_password = fields.Char("Password on the Way", copy=False, groups=ADMIN)
    jalur_ca_bundle = fields.Char(
        "CA Bundle of the Engine",
        groups="base.group_system",  # it opens a file of the server
        help="Path of a file on the server with the certificates to trust where the engine is "
        "called by https.",
    )
    jalur_lingkungan = fields.Boolean(
        "Proxy of the Environment",
        groups="base.group_system",  # which proxy that is, is the server's affair
        help="Take the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY in Odoo's environment name. "
        "Otherwise these variables count for nothing.",
    )

    @api.constrains("jalur", "jalur_alamat")
    def _check_jalur_alamat(self):
        for faskes in self.filtered(lambda faskes: faskes._via()):
            try:
                faskes._check_jalur_reach()
            except ValueError:
                raise ValidationError(faskes._no_address_in_words()) from None

    def _no_address_in_words(self):
        if not self.jalur_alamat:
            return self.env._(NO_ADDRESS[self.jalur])
        text = self.env._(WRONG_ADDRESS[self.jalur])
        return text % self.jalur_alamat

    def _check_jalur_reach(self):
        """What only this server reaches is no clinic's to choose, as with addresses of services.
        Raises `ValueError` for no address.
        """
        url = self._jalur_url()
        host, _port = address.host_and_port(url)
        if self.jalur == PROXY and not url.startswith("http://"):
            raise ValueError("to a proxy only HTTP is spoken")
        if address.is_forbidden(host):
            raise ValidationError(self.env._("“%s” is never called from here.", host))
        if not address.is_this_machine(url) and not self.env.user.has_group("base.group_system"):
            raise ValidationError(
                self.env._(
                    "“%s” is another machine. Only who administers Odoo itself (Settings) can "
                    "enter the address of a proxy or an integration engine, or choose a way that "
                    "leads there.",
                    url,
                )
            )

    @api.constrains("jalur", "jalur_username", "jalur_password")
    def _check_jalur_account(self):
        for faskes in self.filtered(lambda faskes: faskes._via()):
            if faskes.jalur_password and not faskes.jalur_username:
                raise ValidationError(
                    self.env._("Enter the user whose password it is, or leave both empty.")
                )

    def write(self, vals):
        vals = without_unchanged(self, stripped(vals), "jalur", "jalur_alamat")
        result = super().write(vals)
        if not SETTINGS.isdisjoint(vals):
            self.layanan_ids._probe_now()
        return result

    def _via(self):
        """Return what stands between us and BPJS, one of `VIA`, or False."""
        return self.jalur in CLASSES and self.jalur

    def _way(self):
        """Return the way as `bpjs/` takes it."""
        faskes = self.sudo()
        if not self._via():
            return Direct(trust_env=faskes.jalur_lingkungan)
        return CLASSES[self.jalur](
            address=self.jalur_alamat or "",
            username=faskes.jalur_username or "",
            password=faskes.jalur_password or "",
        )

    def _jalur_url(self):
        """Return the address that is called on the way."""
        return self._way().endpoint if self.jalur == MESIN else self.jalur_alamat or ""

    def _asks_itself(self):
        """Whether it is from this machine that BPJS is called: to a proxy elsewhere, an address of
        this machine is one of the proxy's.
        """
        if self.jalur == PROXY:
            with suppress(ValueError):  # which is refused for itself
                return address.is_this_machine(self._jalur_url())
        return not self.sudo().jalur_lingkungan

    def _way_in_words(self):
        """Return which way leads to BPJS, and over which address, or "" where it is straight."""
        text = self._via() and self.env._(THROUGH[self.jalur])
        return text % self._jalur_url() if text else ""


class BpjsLayanan(models.Model):
    _inherit = "bpjs.layanan"

    def _via(self):
        return self.sudo().faskes_id._via()

    def _label(self):
        """Return the service's name, with the way there where that is not straight."""
        label, via = SERVICES[self.kode].label, self._via()
        text = self.env._(WITH_WAY[via]) if via else "%s"
        return text % label
