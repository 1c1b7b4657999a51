"""Hours over midnight could not be read and were kept as 0 to 0: BPJS is asked for them again."""


def migrate(cr, version):
    cr.execute("DELETE FROM bpjs_jadwal WHERE jam_mulai = 0 AND jam_selesai = 0")
