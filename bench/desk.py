"""What BPJS costs at the desk: a registration, and the board with many cards."""

import json
import os
import re
import subprocess
import time
from pathlib import Path
from statistics import median

from bench.clinic import LATER, LOGS, Server, fill_today, simulators
from bench.report import Goal, Section, spread
from system_tests.klinik import Klinik
from system_tests.programs import demo_clinic, sql

PAIRS = 40  # a registration with BPJS and one without
PAUSE_SECONDS = 0.3  # in which what the last one has set off is over
FEW_CARDS, CARDS = 30, 300
LOADS = 30  # of the board, each way
DRAWINGS = 10  # of the board in a browser, and of a bare kanban
BROWSER = Path(__file__).with_name("drawing.py")
# A kanban as Odoo draws it by itself, with the texts and buttons that the board's cards have.
BARE = """
    <kanban default_group_by="state" limit="500">
        <templates>
            <t t-name="menu">
                <a name="action_batalkan" type="object" class="dropdown-item">Cancel</a>
            </t>
            <t t-name="card">
                <field name="nomor_antrean" />
                <field name="pasien_id" />
                <field name="ruangan_id" />
                <field name="dokter_id" />
                <field name="penjamin_id" />
                <field name="menunggu_at" />
                <field name="nomor_antrean_pcare" />
                <field name="status_pendaftaran_pcare" widget="badge" />
                <field name="status_tambah_antrean_fktp" widget="badge" />
                <footer>
                    <button name="action_panggil" type="object" class="btn btn-primary">
                        <i class="fa fa-bullhorn" title="Call" />
                    </button>
                    <button name="action_terima" type="object" class="btn btn-secondary">
                        <i class="fa fa-check" title="Accept" />
                    </button>
                </footer>
            </t>
        </templates>
    </kanban>
"""

# What the board reads of a card, as its view has it.
PLAIN = {
    "nomor_antrean": {},
    "pasien_id": {"fields": {"display_name": {}}},
    "ruangan_id": {"fields": {"display_name": {}}},
    "dokter_id": {"fields": {"display_name": {}}},
    "penjamin_id": {"fields": {"display_name": {}}},
    "state": {},
    "tidak_hadir": {},
    "angka_antrean": {},
    "asal_id": {"fields": {"display_name": {}}},
    "is_bpjs": {},
    "is_prioritas": {},
    "menunggu_at": {},
    "prioritas": {},
}
BPJS = {
    "nomor_antrean_pcare": {},
    "bpjs_badges": {},
    "can_resend_pcare": {},
}
# Odoo logs of each request: queries, seconds in them, seconds elsewhere.
LOGGED = r"call_kw\S*{}\S* HTTP/1.1\" 200 - (\d+) (\d+\.\d+) (\d+\.\d+)"

HOW = """\
The server's own time for a request, as Odoo logs it (queries and Python). Registrations come in
turns, one that BPJS pays and one that it does not, with the engine at work. The board reads
{cards} cards of today, all of them BPJS's and every tenth refused by Antrean FKTP, once with the
fields of its view and once without those of BPJS. Drawn in Chromium: from the server's last answer
to the frame that shows all cards, the board and a bare kanban with the same texts, badges and
buttons by turns."""


def measure(scale, runs):
    pairs, loads = (max(2, round(each * scale)) for each in (PAIRS, LOADS))
    log = LOGS / "desk.log"
    log.unlink(missing_ok=True)
    with simulators() as services, demo_clinic("bench", services) as database:
        sql(database, LATER)
        with Server(database, log).running() as server:
            klinik = Klinik(server.url, database)
            with_bpjs, without = register_in_turns(klinik, pairs, log)
            board = {
                (cards, name): load(klinik, cards, fields, loads, log)
                for cards in (FEW_CARDS, CARDS)
                for name, fields in (("without BPJS", PLAIN), ("the board", PLAIN | BPJS))
            }
            drawn = draw(klinik, CARDS, max(2, round(DRAWINGS * scale)))
    ms = {key: [1000 * seconds for _queries, seconds in times] for key, times in board.items()}
    queries = {key: max(queries for queries, _seconds in times) for key, times in board.items()}
    return Section(
        "At the desk",
        HOW.format(cards=CARDS),
        ("request", "ms", "queries"),
        [
            ["registration with BPJS", spread(with_bpjs), ""],
            ["registration without", spread(without), ""],
            *(
                [f"{name}, {cards} cards", spread(ms[cards, name]), queries[cards, name]]
                for cards, name in board
            ),
            *([f"{name} drawn, {CARDS} cards", spread(times), ""] for name, times in drawn.items()),
        ],
        [
            Goal("registration with BPJS against without", ratio(with_bpjs, without), at_most=1.5),
            Goal(
                f"board with {CARDS} cards against without BPJS",
                ratio(ms[CARDS, "the board"], ms[CARDS, "without BPJS"]),
                at_most=1.3,
            ),
            Goal(
                f"board with {CARDS} cards drawn against a bare kanban",
                ratio(drawn["the board"], drawn["a bare kanban"]),
                at_most=1.5,
            ),
            Goal(
                f"queries of {CARDS} cards more than of {FEW_CARDS}",
                queries[CARDS, "the board"] - queries[FEW_CARDS, "the board"],
                at_most=0,
            ),
        ],
    )


def ratio(some, others):
    return median(some) / median(others)


def register_in_turns(klinik, pairs, log):
    """Return the milliseconds of registrations that BPJS pays and of others."""
    patients = klinik.pasien(pairs)
    klinik.sql("UPDATE res_partner SET no_rekam_medis = 'RM' || id")  # given at the first visit
    [(umum,)] = klinik.sql(
        "SELECT id FROM antrean_penjamin WHERE is_bpjs IS NOT TRUE ORDER BY id LIMIT 1"
    )
    [(bpjs,)] = klinik.sql("SELECT id FROM antrean_penjamin WHERE is_bpjs LIMIT 1")
    for turn, patient in enumerate(patients):
        payers = (bpjs, umum) if turn % 2 else (umum, bpjs)
        for payer in payers:
            vals = {"pasien_id": patient, "ruangan_id": klinik.petugas.poli_umum}
            klinik.petugas.call("antrean.antrean", "create", [vals | {"penjamin_id": payer}])
            time.sleep(PAUSE_SECONDS)
    ms = [1000 * seconds for _queries, seconds in logged(log, "antrean.antrean.create")]
    order = [
        payer for turn in range(pairs) for payer in ((bpjs, umum) if turn % 2 else (umum, bpjs))
    ]
    times = list(zip(order, ms, strict=True))[2:]  # the first two fill caches
    return [t for payer, t in times if payer == bpjs], [t for payer, t in times if payer == umum]


def load(klinik, cards, fields, times, log):
    """Return (queries, seconds) of each load of a board with so many cards."""
    fill_today(klinik.database, cards)
    before = len(logged(log, "antrean.antrean.web_search_read"))
    for _ in range(times + 1):
        klinik.petugas.call(
            "antrean.antrean",
            "web_search_read",
            [["hari_ini", "=", True]],
            specification=fields,
            limit=cards,
            order="id",
        )
    return logged(log, "antrean.antrean.web_search_read")[before + 1 :]


def draw(klinik, cards, times):
    """Return the milliseconds in which a browser draws the board, and a bare kanban."""
    view = {"name": "bare", "model": "antrean.antrean", "type": "kanban", "arch": BARE}
    view_id = klinik.admin.call("ir.ui.view", "create", view | {"priority": 99})
    action = {
        "name": "bare",
        "path": "bare",
        "res_model": "antrean.antrean",
        "view_mode": "kanban",
        "view_id": view_id,
        "domain": "[('hari_ini', '=', True)]",
    }
    klinik.admin.call("ir.actions.act_window", "create", action)
    plan = {
        "odoo": klinik.url,
        "login": klinik.staff,
        "password": klinik.staff,
        "chromium": os.environ["CHROMIUM"],
        "cards": cards,
        "times": times,
        "actions": {"the board": "antrean", "a bare kanban": "bare"},
    }
    command = [os.environ["BROWSER_PYTHON"], BROWSER, json.dumps(plan)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output)


def logged(log, call):
    found = re.findall(LOGGED.format(re.escape(call)), log.read_text())
    return [(int(queries), float(sql_s) + float(rest)) for queries, sql_s, rest in found]
