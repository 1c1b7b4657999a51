CHECKED_IN_SQL = {
    "bpjs_faskes": ("attempt_months", "kd_provider", "kd_provider_peserta", "company_uniq"),
    "bpjs_layanan": (
        "kode_uniq",
        "timeouts",
        "concurrency",
        "settling_seconds",
        "max_attempts",
        "max_age_days",
        "patient_retry_minutes",
    ),
}


def migrate(cr, version):
    """Drop what made PostgreSQL print credentials when it refused a row; Python refuses it now."""
    for table, names in CHECKED_IN_SQL.items():
        for name in names:
            cr.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{name}")
            cr.execute("DELETE FROM ir_model_constraint WHERE name = %s", [f"{table}_{name}"])
