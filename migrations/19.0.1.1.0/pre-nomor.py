def migrate(cr, version):
    """Zeros and the like were entered where there is no number: they would pass for one person's."""
    for name in ("nik", "no_kartu_bpjs"):
        cr.execute(rf"UPDATE res_partner SET {name} = NULL WHERE {name} ~ '^(0*|([0-9])\2{{12,}})$'")
