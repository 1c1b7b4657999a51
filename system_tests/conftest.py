"""Fixtures for tests of the whole system: nothing in it is replaced, and HTTP is the only way in.

`make test` runs them. DATABASE names the database they copy; ODOO_BIN, ODOO_CONF and PG* lead to
Odoo and PostgreSQL.
"""

import pytest

from system_tests.klinik import Klinik
from system_tests.programs import Odoo, Simulator, demo_clinic


@pytest.fixture(scope="session")
def pcare():
    with Simulator("pcare").running() as simulator:
        yield simulator


@pytest.fixture(scope="session")
def antrean():
    with Simulator("antrean_fktp").running() as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def nothing_booked(pcare, antrean):
    pcare.reset()
    antrean.reset()


@pytest.fixture(scope="module")
def database(request, pcare, antrean):
    with demo_clinic(request.module.__name__.rsplit(".")[-1], (pcare, antrean)) as name:
        yield name


@pytest.fixture(scope="module")
def odoo(database, tmp_path_factory):
    with Odoo(database, tmp_path_factory.mktemp("odoo") / "odoo.log").running() as server:
        yield server


@pytest.fixture(scope="module")
def other_odoo(odoo, database, tmp_path_factory):
    with Odoo(database, tmp_path_factory.mktemp("odoo") / "odoo.log").running() as server:
        yield server


@pytest.fixture(scope="module")
def klinik(odoo, database):
    klinik = Klinik(odoo.url, database)
    with klinik.admin.session, klinik.petugas.session:
        yield klinik
