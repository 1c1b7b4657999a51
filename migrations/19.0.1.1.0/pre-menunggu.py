"""Who is in the queue has waited since they were registered, not since the update."""


def migrate(cr, version):
    cr.execute("ALTER TABLE antrean_antrean ADD COLUMN IF NOT EXISTS menunggu_at timestamp")
    cr.execute("UPDATE antrean_antrean SET menunggu_at = create_date WHERE menunggu_at IS NULL")
