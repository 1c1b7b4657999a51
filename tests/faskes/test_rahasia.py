import json
import logging
from contextlib import contextmanager

from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo.exceptions import MissingError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ...bpjs.antrean_fktp import ANTREAN
from ...bpjs.pcare import PCARE
from ..common import AntreanCase, SerentakCase

ACCOUNT = {
    "cons_id": "20002",
    "secret": "rahasia-baru",
    "password": "sandi-baru",
    "jalur_username": "jalur-contoh",
    "jalur_password": "sandi-jalur-baru",
}
SECRETS = (
    *("rahasia-lama", "sandi-lama", "kunci-lama", "sandi-jalur-lama"),
    *("rahasia-baru", "sandi-baru", "kunci-baru", "sandi-jalur-baru"),
)
TOO_LARGE = 2**31
WRONG_FASKES = [
    {"kd_provider": "0001-001"},
    {"kd_provider": "1"},
    {"kd_provider": "0001R001\0"},
    {"kd_provider_peserta": "faskes"},
    {"kd_provider_peserta": False},
    {"kd_provider_peserta": "zeta"},
    {"attempt_months": 0},
    {"attempt_months": TOO_LARGE},
    {"cons_id": False},
    {"cons_id": "  "},
    {"secret": ""},
    {"kd_aplikasi": False},
    {"company_id": False},
    {"company_id": 999_999_999},
    {"company_id": 2**40},
    {"username": "klinik\0contoh"},
    {"username": "klinik\ud800contoh"},
    {"jalur": False},
    {"jalur": "zeta"},
    {"jalur": "proxy"},
    {"jalur": "mesin", "jalur_alamat": "http://klinik:sandi@10.0.0.5/"},
    {"jalur": "proxy", "jalur_alamat": "http://127.0.0.1:3128", "jalur_username": False},
    {"jalur_password": "sandi-jalur-baru\0"},
]
WRONG_LAYANAN = [
    {"kode": False},
    {"kode": "zeta"},
    {"base_url": "apijkn.example/pcare"},
    {"base_url": "https://apijkn.bpjs-kesehatan.go.id/\0"},
    {"content_type": "text/plain\0"},
    {"connect_timeout": 0},
    {"read_timeout": 61},
    {"read_timeout": float("nan")},
    {"concurrency": 0},
    {"concurrency": TOO_LARGE},
    {"settling_seconds": -1},
    {"max_attempts": 101},
    {"max_age_days": 31},
    {"patient_retry_minutes": -(2**40)},
]


@contextmanager
def log_of_a_server():
    """Collect what a server writes to its log with Odoo's usual settings."""
    lines, handler = [], logging.Handler()
    handler.emit = lambda record: lines.append(logging.Formatter().format(record))
    loggers = [logging.getLogger(name) for name in ("", "odoo", "werkzeug")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    loggers[0].addHandler(handler)
    try:
        yield lines
    finally:
        loggers[0].removeHandler(handler)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


class RahasiaCase(AntreanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Klinik Lain"})
        cls.admin.company_ids += cls.other
        cls.faskes = cls.env["bpjs.faskes"].create(
            {
                "cons_id": "10001",
                "secret": "rahasia-lama",
                "password": "sandi-lama",
                "jalur_username": "jalur-contoh",
                "jalur_password": "sandi-jalur-lama",
            }
        )
        cls.faskes.layanan_ids.user_key = "kunci-lama"
        cls.layanan = cls.faskes.layanan_ids[0]
        cls.env.flush_all()

    def _assert_no_secret(self, lines):
        for line in lines:
            for secret in SECRETS:
                self.assertNotIn(secret, line)


@tagged("post_install", "-at_install")
class TestRahasia(RahasiaCase, HttpCase):
    """Whatever is wrong with the settings, however they come: no secret gets into the log."""

    def setUp(self):
        super().setUp()
        self.authenticate(self.admin.login, self.admin.login)

    def _call(self, model, method, *args, company=None):
        """Call a method as the web client does, and return the server's answer and log."""
        context = {"allowed_company_ids": (company or self.company).ids, "lang": "en_US"}
        params = {"model": model, "method": method, "args": args, "kwargs": {"context": context}}
        with log_of_a_server() as lines:
            answer = self.url_open(
                "/web/dataset/call_kw",
                data=json.dumps({"jsonrpc": "2.0", "params": params}),
                headers={"Content-Type": "application/json"},
            ).json()
        self.env.invalidate_all()
        return answer, lines

    def _assert_refused(self, answer, lines):
        self._assert_no_secret(lines)
        if "error" in answer:
            self.assertNotIn("psycopg2", answer["error"]["data"]["name"])
        else:  # an import
            self.assertFalse(answer["result"]["ids"])
            messages = [message["message"] for message in answer["result"]["messages"]]
            self.assertTrue(messages)
            self._assert_no_secret(messages)

    def _ways(self, vals):
        """Yield the ways to have a facility with these values."""
        new = {"company_id": self.other.id, **ACCOUNT, **vals}
        changed = {**ACCOUNT, **vals}
        yield "bpjs.faskes", "create", [new]
        yield "bpjs.faskes", "web_save", [], new, {}
        yield "bpjs.faskes", "write", self.faskes.ids, changed
        yield "bpjs.faskes", "web_save", self.faskes.ids, changed, {}
        names = [name + "/.id" if name == "company_id" else name for name in new]
        yield "bpjs.faskes", "load", names, [[str(value or "") for value in new.values()]]

    def _ways_of_layanan(self, vals):
        new = {"kode": PCARE, "user_key": "kunci-baru", **vals}
        changed = {"user_key": "kunci-baru", **vals}
        facility = {"company_id": self.other.id, **ACCOUNT}
        command = [Command.update(self.layanan.id, changed)]
        yield "bpjs.faskes", "create", [{**facility, "layanan_ids": [Command.create(new)]}]
        yield "bpjs.faskes", "write", self.faskes.ids, {"layanan_ids": command}
        yield "bpjs.faskes", "web_save", self.faskes.ids, {"layanan_ids": command}, {}
        yield "bpjs.layanan", "create", [{"faskes_id": self.faskes.id, **new}]
        yield "bpjs.layanan", "write", self.layanan.ids, changed
        names = [".id", *changed]
        row = [str(self.layanan.id), *(str(value or "") for value in changed.values())]
        yield "bpjs.layanan", "load", names, [row]

    def _assert_refused_by(self, ways):
        before = self.faskes.read(), self.faskes.layanan_ids.read()
        for model, method, *args in ways:
            with self.subTest(model=model, method=method, args=args):
                answer, lines = self._call(model, method, *args, company=self.company | self.other)
                self._assert_refused(answer, lines)
                self.assertEqual((self.faskes.read(), self.faskes.layanan_ids.read()), before)
                self.assertFalse(self.other.bpjs_faskes_ids)

    def test_a_facility_with_a_wrong_value(self):
        for vals in WRONG_FASKES:
            self._assert_refused_by(self._ways(vals))

    def test_a_service_with_a_wrong_value(self):
        for vals in WRONG_LAYANAN:
            self._assert_refused_by(self._ways_of_layanan(vals))

    def test_what_is_there_already(self):
        second = {"company_id": self.company.id, **ACCOUNT}
        pcare = {"faskes_id": self.faskes.id, "kode": PCARE, "user_key": "kunci-baru"}
        self._assert_refused_by(
            [
                ("bpjs.faskes", "create", [second]),
                ("bpjs.faskes", "load", ["cons_id", "secret"], [["20002", "rahasia-baru"]]),
                ("bpjs.layanan", "create", [pcare]),
                ("bpjs.layanan", "write", self.faskes.layanan_ids[1].ids, {"kode": PCARE}),
            ]
        )

    def test_what_is_missing(self):
        self._assert_refused_by(
            [
                (
                    "bpjs.faskes",
                    "create",
                    [{"company_id": self.other.id, "secret": "rahasia-baru"}],
                ),
                ("bpjs.layanan", "create", [{"user_key": "kunci-baru", "kode": ANTREAN}]),
                ("bpjs.layanan", "create", [{"user_key": "kunci-baru", "faskes_id": 2**40}]),
            ]
        )

    def test_a_patient_without_a_name(self):
        """PostgreSQL's own check of contacts tells the whole row, too."""
        nik = "3200000000000077"
        answer, lines = self._call("res.partner", "create", [{"name": False, "nik": nik}])
        self.assertIn("error", answer)
        for line in lines:
            self.assertNotIn(nik, line)

    def test_it_says_what_is_wrong(self):
        for vals, said in (
            ({"kd_provider": "0001-001"}, "digits and capital letters, such as 0001R001"),
            ({"secret": False}, "“Consumer Secret” is empty"),
            ({"attempt_months": TOO_LARGE}, "“Keep Attempts .months.” is too large"),
            ({"username": "\0"}, "“PCare Username” holds a character"),
            ({"company_id": 999_999_999}, "“Company” is not there any more"),
        ):
            with self.subTest(**vals), self.assertRaisesRegex(ValidationError, said):
                self.env["bpjs.faskes"].create(ACCOUNT | {"company_id": self.other.id} | vals)

    def test_a_service_that_there_is_not(self):
        for enter in (
            lambda: self.layanan.write({"kode": "zeta"}),
            lambda: self.layanan.create({"faskes_id": self.faskes.id, "kode": "zeta"}),
        ):
            with self.assertRaisesRegex(ValidationError, "“zeta” is no Service: .* pcare, antrean"):
                enter()

    def test_postgresql_has_nothing_to_check(self):
        self.env.cr.execute(
            "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'u', 'x')"
            " AND conrelid IN ('bpjs_faskes'::regclass, 'bpjs_layanan'::regclass)"
        )
        self.assertEqual(self.env.cr.fetchall(), [])


@tagged("post_install", "-at_install")
class TestSerentak(SerentakCase):
    """Two administrators at the same moment."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._env(cr)
            contact = self._create(env, "res.partner", {"name": "Klinik Serentak"})
            company = {"name": contact.name, "partner_id": contact.id}
            self.company_id = self._create(env, "res.company", company).id

    def _vals(self):
        return {"company_id": self.company_id, **ACCOUNT}

    def test_a_company_gets_one_facility(self):
        with log_of_a_server() as lines:
            raised = self._at_once(
                lambda env: self._create(env, "bpjs.faskes", self._vals()),
                lambda env: env["bpjs.faskes"].create(self._vals()),
            )
        self.assertEqual(len(raised), 1)
        self.assertIn("has a BPJS facility already", raised[0])
        for line in lines:
            self.assertNotIn("rahasia-baru", line)

    def test_what_others_changed_meanwhile(self):
        """The statement that fails is none with a secret, for PostgreSQL keeps that in its log."""
        with self.registry.cursor() as cr:
            faskes_id = self._create(self._env(cr), "bpjs.faskes", self._vals()).id
        with self.registry.cursor() as ours, self.registry.cursor() as theirs:
            mine = self._env(ours)["bpjs.faskes"].browse(faskes_id)
            self.assertTrue(mine.password, "our view of the database begins here")
            self._env(theirs)["bpjs.faskes"].browse(faskes_id).password = "sandi-lain"
            theirs.commit()
            with log_of_a_server() as lines, self.assertRaises(SerializationFailure):
                mine.password = "sandi-baru"
                mine.env.flush_all()
            self.assertIn(b"write_date = write_date", ours._obj.query)
            ours.rollback()
        self.assertEqual(lines, [])


@tagged("post_install", "-at_install")
class TestUnforeseen(RahasiaCase):
    def test_what_is_refused_nevertheless_is_not_printed(self):
        """Nobody foresees everything: a constraint of another addon, a company deleted just now."""
        self.env.cr.execute(
            "ALTER TABLE bpjs_faskes ADD CONSTRAINT zeta CHECK (username <> 'zeta')"
        )
        with log_of_a_server() as lines, self.assertRaises(IntegrityError) as caught:
            self.faskes.write({"username": "zeta", "secret": "rahasia-baru"})
            self.env.flush_all()
        self._assert_no_secret([*lines, str(caught.exception)])
        self.assertEqual(caught.exception.diag.constraint_name, "zeta")

    def test_no_complaint_is_printed(self):
        patient, said = self._pasien(7), "Zetakeluhan"
        entry = {"pasien_id": patient.id, "ruangan_id": self.poli.id, "keluhan": said}
        kept = self.env["antrean.antrean"].create(entry | {"penjamin_id": self.umum.id})
        for error, act in (
            (IntegrityError, lambda: kept.create(entry | {"penjamin_id": False})),
            (MissingError, lambda: kept.create(entry | {"ruangan_id": 999_999_999})),
            (IntegrityError, lambda: kept.write({"keluhan": f"{said} 2", "penjamin_id": False})),
        ):
            with log_of_a_server() as lines, self.assertRaises(error), self.env.cr.savepoint():
                act()
                self.env.flush_all()
            for line in lines:
                self.assertNotIn(said, line)
