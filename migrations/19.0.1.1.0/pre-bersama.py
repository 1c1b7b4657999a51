def migrate(cr, version):
    """What is there belongs to all clinics, as it did; without a look at it, Odoo would give it to
    the first one.
    """
    for table in ("antrean_penjamin", "bpjs_galat"):
        cr.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS company_id integer")
    cr.execute("ALTER TABLE antrean_penjamin DROP CONSTRAINT IF EXISTS antrean_penjamin_name_uniq")
    cr.execute("DELETE FROM ir_model_constraint WHERE name = 'antrean_penjamin_name_uniq'")
