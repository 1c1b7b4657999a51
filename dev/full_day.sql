-- A full day in the demo clinic: some seventy patients in five rooms, each invented. Those of the
-- demo data come after the morning's, and wait.
UPDATE antrean_antrean
   SET angka_antrean = angka_antrean + 20,
       nomor_antrean = split_part(nomor_antrean, '-', 1) || '-' || angka_antrean + 20,
       menunggu_at = now() AT TIME ZONE 'UTC'
           - interval '40 minutes' + angka_antrean * interval '4 minutes';

WITH today AS (
    SELECT (now() AT TIME ZONE 'Asia/Jakarta')::date AS day, now() AT TIME ZONE 'UTC' AS now
), name AS (
    SELECT n, (ARRAY['Adi', 'Budi', 'Citra', 'Dewi', 'Eka', 'Fitri', 'Gita', 'Hadi', 'Indah',
                     'Joko', 'Kartika', 'Lestari'])[1 + n % 12] || ' '
           || (ARRAY['Contoh', 'Permata', 'Wijayanti', 'Santoso', 'Kusuma'])[1 + n % 5] || ' '
           || (ARRAY['Raya', 'Jaya', 'Putri', 'Utama', 'Sari', 'Laut', 'Bukit'])[1 + n % 7] AS name
      FROM generate_series(1, 66) AS n
), pasien AS (
    INSERT INTO res_partner (name, complete_name, active, is_company, type, lang, no_rekam_medis, no_kartu_bpjs,
                             tanggal_lahir, create_date, write_date)
    SELECT name, name, true, false, 'contact', 'id_ID', 'RAMAI' || n,
           CASE WHEN n % 4 > 0 THEN (1000001000 + n)::text END, date '1950-01-01' + 300 * n,
           now, now
      FROM name, today
    RETURNING id, name, no_kartu_bpjs, replace(no_rekam_medis, 'RAMAI', '')::int AS n
), place AS (
    SELECT ruangan.id, ruangan.company_id, ruangan.kode_antrean, sequence, jenis_kunjungan, first,
           (SELECT jadwal.id FROM antrean_jadwal jadwal
             WHERE jadwal.ruangan_id = ruangan.id
               AND hari = (extract(isodow FROM day) - 1)::text
             ORDER BY jam_mulai LIMIT 1) AS jadwal_id
      FROM today, antrean_ruangan ruangan
      JOIN (VALUES ('A', 1, 36), ('B', 37, 46), ('C', 47, 54), ('R', 55, 62), ('L', 63, 66))
        AS share (kode_antrean, first, last) USING (kode_antrean)
), turn AS (
    SELECT pasien.*, place.id AS ruangan_id, company_id, kode_antrean, jadwal_id, jenis_kunjungan,
           n - first + 1 + CASE WHEN n - first >= 20 THEN 8 ELSE 0 END AS angka
      FROM pasien JOIN place
        ON n BETWEEN first AND first + CASE kode_antrean WHEN 'A' THEN 35 WHEN 'B' THEN 9
                                        WHEN 'L' THEN 3 ELSE 7 END
), entry AS (
    INSERT INTO antrean_antrean
           (company_id, tanggal, pasien_id, ruangan_id, jadwal_id, penjamin_id, state, sumber,
            kunjungan_sakit, angka_antrean, nomor_antrean, nomor_antrean_pcare, prioritas,
            is_prioritas, menunggu_at, create_uid, create_date, write_date)
    SELECT turn.company_id, day, turn.id, ruangan_id, jadwal_id, penjamin.id,
           CASE WHEN angka <= 3 THEN 'selesai' WHEN angka = 4 THEN 'diterima'
                WHEN angka = 5 THEN 'dipanggil' ELSE 'menunggu' END,
           'loket', true, angka, kode_antrean || '-' || angka,
           CASE WHEN penjamin.is_bpjs AND jenis_kunjungan = '1' THEN kode_antrean || angka END,
           CASE n % 11 WHEN 7 THEN 'lansia' WHEN 9 THEN 'hamil' END, n % 11 IN (7, 9),
           now - interval '70 minutes' + angka * interval '90 seconds',
           1, now, now
      FROM today, turn
      JOIN antrean_penjamin penjamin
        ON COALESCE(penjamin.is_bpjs, false) = (no_kartu_bpjs IS NOT NULL)
    RETURNING id, company_id, ruangan_id, nomor_antrean_pcare
)
INSERT INTO bpjs_job (antrean_id, company_id, job_type, layanan, state, outcome, create_uid,
                      create_date)
SELECT entry.id, company_id, job_type, layanan, 'success', 'success', 1, now
  FROM today, entry
 CROSS JOIN (VALUES ('pendaftaran_pcare', 'pcare'),
                    ('tambah_antrean_fktp', 'antrean_fktp')) AS kind (job_type, layanan)
 WHERE nomor_antrean_pcare IS NOT NULL;
