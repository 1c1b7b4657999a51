import json
import random
import secrets
import socket
from contextlib import suppress
from datetime import timedelta
from ipaddress import ip_address
from string import ascii_lowercase
from urllib.parse import urlsplit

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.base.models.res_users import KEY_CRYPT_CONTEXT

from ...database import in_transaction
from .bpjs_faskes import PASSWORD_BYTES
from .mobile_jkn_panggilan import HEADERS
from .sesi import Poli
from .uji import Anggota, Uji

_lt = LazyTranslate(__name__)

NAME = "Peserta Uji Mandiri"
FINDINGS = {  # by what stops a call, and by what is wrong with the address
    "address": _lt("The address is none that can be called. Correct it under Mobile JKN."),
    "name": _lt(
        "The host of the address cannot be found. Compare it with the name that was registered "
        "for the clinic (DNS)."
    ),
    "connection": _lt(
        "Nothing answers at the address. See that the router or proxy leads it to Odoo, and that "
        "the firewall lets it in."
    ),
    "tls": _lt("The address is reached but does not speak TLS. See to the proxy's certificate."),
    "certificate": _lt(
        "The TLS certificate of the address is not trusted: it has expired, is of another name, "
        "or is incomplete. BPJS will refuse it. Renew it at the proxy."
    ),
    "answer": _lt(
        "The address takes the connection but gives no answer in time. With a single Odoo worker "
        "Odoo cannot call itself: use two or more."
    ),
    "redirect": _lt(
        "The address leads on to another one, which BPJS does not follow. Enter where it leads, "
        "or have the proxy hand /mobile-jkn to Odoo."
    ),
    "no_json": _lt(
        "Something other than this clinic's Odoo answers at the address, such as a proxy's own "
        "page. See that it hands /mobile-jkn to Odoo unchanged."
    ),
    "elsewhere": _lt(
        "Another Odoo database answers at the address. See to the proxy, and to db_name or "
        "dbfilter in Odoo's configuration."
    ),
    "headers": _lt(
        "These headers of BPJS are lost on the way: %(headers)s. Have the proxy pass all headers "
        "unchanged; nginx drops those with an underscore unless it has underscores_in_headers on."
    ),
    "no_tls": _lt(
        "The address does not begin with https://, so patients' data would go over the internet "
        "unprotected, and BPJS does not take it. Put a proxy with a certificate before Odoo."
    ),
    "inside": _lt(
        "The address leads to this machine or to the clinic's own network. BPJS cannot reach it "
        "from outside: enter the public one."
    ),
}


class BpjsFaskes(models.Model):
    _inherit = "bpjs.faskes"

    def action_uji_mandiri(self):
        """Call all services at the clinic's own address as BPJS does, and show what came of it.

        The made-up member and their bookings are removed again. No transaction is open meanwhile.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.mobile_jkn_sejak:
            raise UserError(self.env._("Open the service to BPJS first, then test it."))
        password, tanda = secrets.token_urlsafe(PASSWORD_BYTES), new_tanda()
        anggota = in_transaction(self.env, self._prepare_uji, password)
        uji = Uji(self.mobile_jkn_alamat, self.mobile_jkn_username, password, anggota, tanda)
        self.env.cr.commit()  # pylint: disable=invalid-commit
        try:
            uji.run()
        finally:
            self.env.cr.rollback()
            while in_transaction(self.env, self._remove_last_booking, anggota):
                pass
            in_transaction(self.env, self._end_uji, anggota)
        result = in_transaction(self.env, self._keep_uji, uji.langkah, tanda)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Uji Mandiri"),
            "res_model": "mobile.jkn.uji",
            "res_id": result.id,
            "views": [(False, "form")],
        }

    def _prepare_uji(self, password):
        """Let in whoever has the password, and make up a member and a visit."""
        self.sudo().mobile_jkn_uji_hash = KEY_CRYPT_CONTEXT.hash(password)
        company = self.company_id
        rooms = self.env["antrean.ruangan"].sudo()._rooms(company)
        codes = dict.fromkeys(filter(None, rooms.mapped("kd_poli_antrean")))
        today = company._antrean_today()
        for days in range(self.mobile_jkn_hari, -1, -1):  # as far as possible from today's patients
            tanggal = today + timedelta(days=days)
            for kd_poli in codes:
                if sesi := Poli(self.env, company.id, kd_poli, tanggal).sesi:
                    return Anggota(
                        no_kartu=self._made_up("no_kartu_bpjs", "0001", 13),
                        nik=self._made_up("nik", "3299", 16),
                        nama=NAME,
                        kd_poli=kd_poli,
                        tanggal=str(tanggal),
                        kd_dokter=sesi[0].kd_dokter,
                        jam_praktek=sesi[0].jam_praktek,
                    )
        raise UserError(
            self.env._(
                "No poli can be booked: none has an Antrean FKTP poli code and a doctor with an "
                "Antrean FKTP code and hours. Enter them under Configuration > Rooms and Doctors."
            )
        )

    def _made_up(self, name, begin, length):
        """Return a number that no contact has."""
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        while True:
            digits = length - len(begin)
            number = f"{begin}{random.randrange(10**digits):0{digits}d}"
            if not contacts.search_count([(name, "=", number)], limit=1):
                return number

    def _made_up_member(self, anggota):
        patients = self.env["res.partner"].sudo().with_context(active_test=False)
        return patients.search([("no_kartu_bpjs", "=", anggota.no_kartu), ("name", "=", NAME)])

    def _remove_last_booking(self, anggota):
        """Remove the made-up member's last booking unless a number would be missing.

        :returns: whether there may be another
        """
        bookings = self._made_up_member(anggota)._bookings()
        entry = bookings.sorted("angka_antrean")[-1:]
        if not entry or entry.angka_antrean != entry._lock_last_number(
            entry.ruangan_id.id, entry.tanggal
        ):
            return False
        entry.job_ids.unlink()
        entry.unlink()
        return True

    def _end_uji(self, anggota):
        """Let the made-up member go; whoever has a number keeps it, out of sight."""
        self.sudo().mobile_jkn_uji_hash = False
        member = self._made_up_member(anggota)
        if member._bookings():
            member.active = False
        else:
            member.unlink()

    def _keep_uji(self, langkah, tanda):
        return (
            self.env["mobile.jkn.uji"]
            .sudo()
            .create(
                {
                    "company_id": self.company_id.id,
                    "alamat": self.mobile_jkn_alamat,
                    "temuan": "\n".join(self._findings(langkah, tanda)),
                    "langkah_ids": [
                        fields.Command.create(
                            {
                                "sequence": n,
                                "layanan": each.layanan,
                                "skenario": each.skenario,
                                "method": each.method,
                                "path": f"/{each.path}",
                                "permintaan": _as_text(each.body),
                                "harapan": f"{each.kode} {each.pesan}",
                                "dijawab": each.dijawab or "-",
                                "http_status": each.http_status,
                                "jawaban": each.jawaban or "-",
                                "milidetik": each.milidetik,
                                "lulus": each.lulus,
                            }
                        )
                        for n, each in enumerate(langkah, 1)
                    ],
                }
            )
        )

    def _findings(self, langkah, tanda):
        """Return in words what is wrong with the address, and what to do."""
        found = [name for name, is_so in self._about_address().items() if is_so]
        found += dict.fromkeys(each.gagal for each in langkah if each.gagal)
        lost = []
        if not any(each.gagal for each in langkah):
            calls = self.env["mobile.jkn.panggilan"].sudo()
            calls = calls.search(
                [("company_id", "=", self.company_id.id), ("path", "like", f"uji={tanda}")]
            )
            arrived = set(", ".join(calls.mapped("headers")).split(", "))
            has_token = any(each.lulus for each in langkah if each.path == "auth" and each.bagian)
            sent = HEADERS if has_token else HEADERS[:-1]
            lost = [name for name in sent if name not in arrived]
            if lost:
                found.append("headers" if calls else "elsewhere")
        texts = [self.env._(FINDINGS[name]) for name in found]
        return [text % {"headers": ", ".join(lost)} for text in texts]

    def _about_address(self):
        parts = urlsplit(self.mobile_jkn_alamat)
        return {"no_tls": parts.scheme != "https", "inside": _is_inside(parts.hostname or "")}


class MobileJknUji(models.Model):
    """One run of *Uji Mandiri*, of which the sheet for BPJS is printed."""

    _name = "mobile.jkn.uji"
    _description = "Uji Mandiri"
    _order = "id desc"
    _rec_name = "alamat"

    company_id = fields.Many2one("res.company", "Clinic", readonly=True, ondelete="cascade")
    alamat = fields.Char("Address", readonly=True)
    temuan = fields.Text("Findings", readonly=True)
    langkah_ids = fields.One2many("mobile.jkn.uji.langkah", "uji_id", "Steps", readonly=True)
    jumlah = fields.Integer("Steps Done", compute="_compute_lulus")
    jumlah_lulus = fields.Integer("Steps Passed", compute="_compute_lulus")
    lulus = fields.Boolean("Passed", compute="_compute_lulus")

    def _compute_lulus(self):
        for uji in self:
            passed = uji.langkah_ids.filtered("lulus")
            uji.jumlah, uji.jumlah_lulus = len(uji.langkah_ids), len(passed)
            uji.lulus = bool(passed) and passed == uji.langkah_ids


class MobileJknUjiLangkah(models.Model):
    """One call of a run."""

    _name = "mobile.jkn.uji.langkah"
    _description = "Step of Uji Mandiri"
    _order = "uji_id, sequence"
    _rec_name = "skenario"

    uji_id = fields.Many2one(
        "mobile.jkn.uji", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="uji_id.company_id", store=True)
    sequence = fields.Integer("No.", readonly=True)
    layanan = fields.Char("Service", readonly=True)
    skenario = fields.Char("Tried", readonly=True)
    method = fields.Char(readonly=True)
    path = fields.Char(readonly=True)
    permintaan = fields.Text("Request", readonly=True)
    harapan = fields.Char("Expected", readonly=True)
    dijawab = fields.Char("Answered", readonly=True)
    http_status = fields.Integer("HTTP Status", readonly=True)
    jawaban = fields.Text("Answer", readonly=True)
    milidetik = fields.Integer("Duration (ms)", readonly=True)
    lulus = fields.Boolean("Passed", readonly=True)


def new_tanda():
    """Return what a run's calls are found by among those kept, of whose numbers only the end is
    kept: letters.
    """
    return "".join(secrets.choice(ascii_lowercase) for _letter in range(16))


def _as_text(body):
    return json.dumps(body, ensure_ascii=False, indent=1) if body else "-"


def _is_inside(host):
    """Whether a host is of this machine or of a network that is not the internet."""
    with suppress(OSError, ValueError):
        return not ip_address(socket.gethostbyname(host)).is_global
    return False  # that it cannot be found is said anyway
