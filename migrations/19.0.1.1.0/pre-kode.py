"""Codes of BPJS are written without the blanks typed along: so are those entered before.

The account needs no step of its own: each facility is bound to the database by the field's default.
"""

# Where they are, and how BPJS writes them.
CODES = [
    ("antrean_ruangan", "kd_poli_pcare", str.strip),
    ("antrean_ruangan", "kd_poli_antrean", str.strip),
    ("antrean_dokter", "kd_dokter_pcare", str.strip),
    ("res_partner", "kd_provider_peserta", lambda code: code.strip().upper()),
]


def migrate(cr, version):
    for table, column, written in CODES:
        cr.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")
        for [code] in cr.fetchall():
            if written(code) != code:
                mend = f"UPDATE {table} SET {column} = %s WHERE {column} = %s"
                cr.execute(mend, [written(code) or None, code])
