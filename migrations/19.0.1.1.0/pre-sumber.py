def migrate(cr, version):
    """What is there was registered at the desk; so said at once, no entry is written anew."""
    cr.execute(
        "ALTER TABLE antrean_antrean ADD COLUMN IF NOT EXISTS sumber varchar DEFAULT 'loket'"
    )
    cr.execute("ALTER TABLE antrean_antrean ALTER COLUMN sumber DROP DEFAULT")
