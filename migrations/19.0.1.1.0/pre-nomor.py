def migrate(cr, version):
    """Forget zeros and the like, entered where there was no number: many would share them."""
    for name in ("nik", "no_kartu_bpjs"):
        cr.execute(
            rf"UPDATE res_partner SET {name} = NULL WHERE {name} ~ '^(0*|([0-9])\2{{12,}})$'"
        )
