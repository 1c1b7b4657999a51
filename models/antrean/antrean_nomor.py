from odoo import api, fields, models


class AntreanAntrean(models.Model):
    """The numbers of a room: each day from 1, without gap or double."""

    _inherit = "antrean.antrean"

    _nomor_uniq = models.Constraint(
        "unique(ruangan_id, tanggal, angka_antrean)",
        "Two queue entries of one room and day cannot have the same number.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._add_missing_default_values(vals) for vals in vals_list]
        self._assign_nomor(vals_list)
        entries = super().create(vals_list)
        entries.pasien_id._ensure_no_rekam_medis()
        return entries

    def _assign_nomor(self, vals_list):
        """Give each entry the next number of its room and day, without gap or double."""
        last = {}
        for vals in sorted(vals_list, key=lambda vals: vals.get("ruangan_id") or 0):
            ruangan = self.env["antrean.ruangan"].browse(vals.get("ruangan_id"))
            if not ruangan:
                continue  # the ORM reports the missing room
            company = self.env["res.company"].browse(vals["company_id"])
            vals["tanggal"] = fields.Date.to_date(vals.get("tanggal")) or company._antrean_today()
            key = (ruangan.id, vals["tanggal"])
            if key not in last:
                last[key] = self._lock_last_number(*key)
            last[key] += 1
            vals["angka_antrean"] = last[key]
            vals["nomor_antrean"] = f"{ruangan.kode_antrean}-{last[key]}"

    def _number_in(self, ruangan_id):
        """Return the values of the next number in another room: each has numbers of its own."""
        vals = {
            "ruangan_id": ruangan_id,
            "tanggal": self.tanggal,
            "company_id": self.company_id.id,
        }
        self._assign_nomor([vals])
        return vals

    def _lock_numbers(self, ruangan_id, tanggal):
        """Let nobody else register in this room for this day until we commit."""
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", (ruangan_id, tanggal.toordinal())
        )

    def _lock_last_number(self, ruangan_id, tanggal):
        """Return the last number given out, and let nobody else take one until we commit.

        This transaction's snapshot may be older than the lock, so numbers committed meanwhile are
        read by a cursor of its own. Nothing is updated: no registration ever has to be re-run.
        """
        self._lock_numbers(ruangan_id, tanggal)
        self.flush_model(["ruangan_id", "tanggal", "angka_antrean"])
        last = self._last_number(self.env.cr, ruangan_id, tanggal)
        if self.env.registry.ready:  # else we are being installed, and nobody else sees the table
            with self.env.registry.cursor() as fresh:
                last = max(last, self._last_number(fresh, ruangan_id, tanggal))
        return last

    @staticmethod
    def _last_number(cr, ruangan_id, tanggal):
        cr.execute(
            "SELECT max(angka_antrean) FROM antrean_antrean WHERE ruangan_id = %s AND tanggal = %s",
            (ruangan_id, tanggal),
        )
        return cr.fetchone()[0] or 0

    def write(self, vals):
        moved = self.filtered(
            lambda entry: vals.get("ruangan_id", entry.ruangan_id.id) != entry.ruangan_id.id
        )
        for entry in moved:
            super(AntreanAntrean, entry).write({**vals, **entry._number_in(vals["ruangan_id"])})
        return super(AntreanAntrean, self - moved).write(vals)
