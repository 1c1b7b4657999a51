"""Two Odoo servers on one database, and many people registering patients at once."""

from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Barrier, Process

from system_tests.klinik import User

CLIENTS, PATIENTS = 4, 20


def register(url, database, pasien_ids, start):
    """Register patients all at once, at the same time as the other clients."""
    petugas = User(url, database, "contoh_petugas")
    with petugas.session, ThreadPoolExecutor(len(pasien_ids)) as pool:
        assert petugas.poli_umum  # looked up now, not after the start
        start.wait(30)
        list(pool.map(petugas.daftarkan, [[pasien] for pasien in pasien_ids]))


def test_everybody_gets_a_number_of_his_own(klinik, odoo, other_odoo, pcare, antrean):
    pasien, start = klinik.pasien(PATIENTS), Barrier(CLIENTS)
    clients = []
    for n, server in enumerate([odoo, other_odoo] * (CLIENTS // 2)):
        work = (server.url, klinik.database, pasien[n::CLIENTS], start)
        clients.append(Process(target=register, args=work, daemon=True))
    for client in clients:
        client.start()
    for client in clients:
        client.join(60)
    assert [client.exitcode for client in clients] == [0] * CLIENTS

    entries = klinik.sql("SELECT id, angka_antrean FROM antrean_antrean ORDER BY angka_antrean")
    assert [angka for _id, angka in entries] == list(range(1, PATIENTS + 1))
    ids = [id for id, _angka in entries]
    klinik.wait_until_ok(ids)
    assert pcare.held() == klinik.numbers("nomor_antrean_pcare", ids)
    assert antrean.held() == klinik.numbers("nomor_antrean", ids)
    assert (pcare.posts(), antrean.posts()) == (PATIENTS, PATIENTS)
