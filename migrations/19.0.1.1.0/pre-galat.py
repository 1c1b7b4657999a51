"""The addon's entries of the error dictionary follow its updates from now on. What was changed,
moved, switched off or deleted here stays as it is.
"""

from collections import Counter
from itertools import combinations

# What 19.0.1.0.0 shipped: each entry's sequence, and a digest of all else.
SHIPPED = {
    "galat_skrining": (100, "14dfe1cfd5cf2cbf762fe100ad9d7934"),
    "galat_sudah_terdaftar": (110, "b81a57e59b170f50b3265e4cead18861"),
    "galat_akun": (120, "e2be100e9d51c0b4bc4c2e40debb2380"),
    "galat_signature": (130, "81a1bdcd683afe219e95af02edea9a0d"),
    "galat_layanan": (140, "b1b4a3d37c8ac77fc789d16aa2dec9af"),
    "galat_batas": (150, "9b8708f22b285ebe20c01ea4b219f12f"),
    "galat_user_key": (160, "6e8386f29aa37d3b21bfe97eba5eda94"),
    "galat_akun_hilang": (170, "8e0a68a852896de41a5e721632adef51"),
    "galat_jenis_data": (180, "a3777660c8f8382130c02943fb179979"),
    "galat_tidak_aktif": (190, "5d53b88308c48a556fdac6774590f4b2"),
    "galat_provider": (200, "d4c7c507cdccd472ddeb7d2538891c0a"),
    "galat_kartu": (210, "36c7d85e0e9c262ab7bf9fb6603dddf6"),
    "galat_jadwal": (220, "2bf959e8334d56e52fd7b9c4be2a84c4"),
    "galat_dokter": (230, "bd28ada4f91d1d6a2d0294e77b92f161"),
    "galat_poli": (240, "4ff770fbeb9d2c1b2ae64837ac13c8d2"),
    "galat_sudah_dilayani": (242, "c8638d02ad0ffbb90bbec86ced5d946d"),
    "galat_antrean_tidak_ada": (244, "49c24bd99524adb2e732915029c7c00f"),
    "galat_batal": (246, "22d9d9d24927e201a4439cda1aa6d71b"),
    "galat_nik": (250, "a7bf51a93546fd1f57d527fbd56114e5"),
    "galat_tanggal": (260, "34da5143c67ec119bf2a53e577907fef"),
    "galat_isian": (270, "1e3e3ae48f80765f435ef83dd8a19829"),
    "galat_kode": (280, "9ad957b299e20c1aeb2cdfef26d495ad"),
    "galat_referensi_kosong": (290, "c5c4fb303e5711475536da255ad4a1f5"),
    "galat_sertifikat": (300, "1c7fe2b8f0ddfe08ab5f96aaeec2f701"),
    "galat_pengaturan": (310, "aca169f0f07e48c5c8c59daa03655585"),
    "galat_tidak_terhubung": (320, "4d3bbdad8ae09fd4a42562f326f400a1"),
    "galat_batal_tidak_dijawab": (325, "d69ac0e6e3fd3ec7ef3e60c6d162f453"),
    "galat_tidak_ada_jawaban": (330, "0ad186fe2c9cd478feace76af07cbcfa"),
    "galat_jawaban_hilang": (340, "7f92247346f591afe527cb83a67275cd"),
    "galat_kiriman": (350, "8653eb15b1e90fb6f68572271c25758f"),
}


def migrate(cr, version):
    cr.execute(
        """
        SELECT galat.id, name, sequence,
               CASE WHEN galat.write_uid IS DISTINCT FROM 1
                    THEN md5(concat_ws('|', pattern, layanan, pelaku, tindakan, penyebab, langkah))
                END
          FROM bpjs_galat galat
          LEFT JOIN ir_model_data ON model = 'bpjs.galat' AND res_id = galat.id AND name = ANY(%s)
         ORDER BY sequence, galat.id
        """,
        [list(SHIPPED)],
    )
    entries = cr.fetchall()
    there = [name for _id, name, _sequence, _digest in entries if name]
    changed = {
        name
        for _id, name, _sequence, digest in entries
        if name and digest not in (None, SHIPPED[name][1])
    }
    changed |= moved([name for name in there if name not in changed])
    follow(cr, there, changed)
    if any(name and sequence != SHIPPED[name][0] for _id, name, sequence, _digest in entries):
        keep_places(cr, entries, changed)
    for name in SHIPPED.keys() - set(there):
        switch_off(cr, name)


def moved(names):
    """Return those without which the others stand in the order in which they were shipped."""
    names, found = list(names), set()
    while True:
        wrong = Counter(
            name
            for pair in combinations(names, 2)
            if SHIPPED[pair[0]][0] > SHIPPED[pair[1]][0]
            for name in pair
        )
        if not wrong:
            return found
        [(name, _count)] = wrong.most_common(1)
        names.remove(name)
        found.add(name)


def follow(cr, there, changed):
    cr.execute(
        """
        UPDATE ir_model_data SET noupdate = name = ANY(%s)
         WHERE module = 'antrean_bpjs' AND model = 'bpjs.galat' AND name = ANY(%s)
        """,
        [list(changed), there],
    )


def keep_places(cr, entries, changed):
    """Keep all that does not follow behind what it stood behind: whatever follows gets back the
    number that it was shipped with.
    """
    number = 0
    for entry_id, name, _sequence, _digest in entries:
        if name and name not in changed:
            number = SHIPPED[name][0]
        else:
            number += 1
            cr.execute("UPDATE bpjs_galat SET sequence = %s WHERE id = %s", [number, entry_id])


def switch_off(cr, name):
    """Put an entry that is off where one was deleted: the update fills it in."""
    cr.execute(
        """
        WITH galat AS (
            INSERT INTO bpjs_galat (active, pattern, penyebab, pelaku, langkah)
            VALUES (FALSE, '-', '{"en_US": "-"}', 'tunggu', '{"en_US": "-"}') RETURNING id
        )
        INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
        SELECT 'antrean_bpjs', %s, 'bpjs.galat', id, FALSE FROM galat
        """,
        [name],
    )
