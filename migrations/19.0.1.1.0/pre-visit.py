def migrate(cr, version):
    """Make the columns here, or the ORM would read every job there ever was to fill them."""
    cr.execute("ALTER TABLE bpjs_job ADD COLUMN IF NOT EXISTS visit_key varchar")
    cr.execute("ALTER TABLE bpjs_job ADD COLUMN IF NOT EXISTS told_visit_key varchar")
