-- Two months of an invented clinic, so that report and daily comparison have something to show.
-- Nothing of it is due: BPJS is not asked for it.
WITH known AS (
    SELECT name, res_id FROM ir_model_data WHERE module = 'antrean_bpjs'
), pasien AS (
    SELECT res_id AS id, row_number() OVER (ORDER BY name) - 1 AS place, count(*) OVER () AS places
      FROM known WHERE name ~ '^pasien_[0-9]+$' AND name < 'pasien_9'
), hari AS (
    SELECT ago, (now() AT TIME ZONE 'Asia/Jakarta')::date - ago AS tanggal
      FROM generate_series(1, 60) AS ago
     WHERE extract(isodow FROM (now() AT TIME ZONE 'Asia/Jakarta')::date - ago) < 7
), kunjungan AS (
    SELECT ago, tanggal, n, room.*, pasien.id AS pasien_id,
           (tanggal + time '07:05' + make_interval(mins => n * 23 + ago * 7 % 11)
            - interval '7 hours') AS daftar_at,
           (n * 37 + ago * 53) % 100 AS dice
      FROM hari
     CROSS JOIN (VALUES ('ruangan_poli_umum', 'A', 8), ('ruangan_poli_gigi', 'B', 3),
                        ('ruangan_poli_kia', 'C', 2)) AS room (name, letter, most)
     CROSS JOIN LATERAL generate_series(1, room.most - ago % 2) AS n
      JOIN pasien ON place = (ago * 5 + n + ascii(letter)) % places
), entry AS (
    INSERT INTO antrean_antrean
           (company_id, tanggal, pasien_id, ruangan_id, jadwal_id, penjamin_id, state, sumber,
            kunjungan_sakit, angka_antrean, nomor_antrean, nomor_antrean_pcare, alasan_batal,
            diterima_gagal_uid, diterima_gagal_at, alasan_terima,
            menunggu_at, dipanggil_at, diterima_at, selesai_at, create_uid, create_date, write_uid,
            write_date)
    SELECT ruangan.company_id, tanggal, pasien_id, ruangan.id, jadwal.id,
           (SELECT res_id FROM known
             WHERE known.name = CASE WHEN dice % 11 = 3 THEN 'penjamin_umum'
                                     ELSE 'penjamin_bpjs' END),
           CASE WHEN dice = 40 THEN 'batal' ELSE 'selesai' END,
           CASE WHEN dice % 5 IN (1, 3) THEN 'mobile_jkn' WHEN dice % 7 = 2 THEN 'kiosk'
                ELSE 'loket' END,
           letter != 'C', n, letter || '-' || n,
           CASE WHEN dice % 11 != 3 AND dice NOT IN (40, 90, 96) THEN letter || n END,
           CASE WHEN dice = 40 THEN 'Permintaan pasien' END,
           petugas.res_id, CASE WHEN petugas.res_id IS NOT NULL
                                THEN daftar_at + make_interval(mins => 11 + n * 3 + dice % 17) END,
           CASE WHEN petugas.res_id IS NOT NULL
                THEN CASE dice WHEN 90 THEN 'Data pasien dilengkapi menyusul'
                               ELSE 'Layanan BPJS sedang terganggu' END END,
           daftar_at, daftar_at + make_interval(mins => 9 + n * 3 + dice % 17),
           daftar_at + make_interval(mins => 11 + n * 3 + dice % 17),
           daftar_at + make_interval(mins => 19 + n * 3 + dice % 17 + dice % 13),
           1, daftar_at, 1, daftar_at
      FROM kunjungan
      JOIN known room ON room.name = kunjungan.name
      JOIN antrean_ruangan ruangan ON ruangan.id = room.res_id
      JOIN LATERAL (SELECT id FROM antrean_jadwal
                     WHERE ruangan_id = ruangan.id
                       AND hari = (extract(isodow FROM tanggal) - 1)::text
                     ORDER BY jam_mulai LIMIT 1) AS jadwal ON true
      LEFT JOIN ir_model_data petugas
             ON petugas.module = 'base' AND petugas.name = 'user_admin' AND dice IN (90, 96)
     WHERE NOT EXISTS (SELECT FROM antrean_antrean WHERE tanggal < now()::date - 1)
    RETURNING id, company_id, tanggal, angka_antrean AS n, penjamin_id, state, create_date,
              nomor_antrean_pcare
), job AS (
    INSERT INTO bpjs_job
           (antrean_id, company_id, job_type, layanan, state, outcome, message, attempt_count,
            awaits_probe, done_at, create_uid, create_date, write_uid, write_date)
    SELECT entry.id, company_id, job_type, layanan,
           CASE WHEN state = 'batal' THEN 'cancelled' WHEN is_missing THEN 'failed'
                ELSE 'success' END,
           CASE WHEN is_missing THEN 'rejected' ELSE 'success' END,
           CASE WHEN is_missing AND state != 'batal' THEN
                CASE entry.id % 3 WHEN 0 THEN 'noKartu: Nomor kartu tidak valid'
                           WHEN 1 THEN 'Pasien tidak aktif'
                           ELSE 'Anda belum melakukan skrining kesehatan.' END END,
           CASE WHEN entry.id % 12 = 0 THEN 1 ELSE 0 END, false,
           CASE WHEN NOT is_missing THEN create_date + make_interval(
                secs => 4 + entry.id % 9 + CASE WHEN entry.id % 12 = 0 THEN 240 ELSE 0 END) END,
           1, create_date, 1, create_date
      FROM entry
      JOIN known bpjs ON bpjs.name = 'penjamin_bpjs' AND bpjs.res_id = penjamin_id
     CROSS JOIN (VALUES ('pendaftaran_pcare', 'pcare'),
                        ('tambah_antrean_fktp', 'antrean_fktp')) AS kind (job_type, layanan)
     CROSS JOIN LATERAL (
           SELECT layanan = 'pcare' AND nomor_antrean_pcare IS NULL AS is_missing) AS fate
)
INSERT INTO bpjs_gangguan (company_id, layanan, jenis, message, mulai_at, selesai_at)
SELECT (SELECT min(company_id) FROM entry), layanan, 'outage', 'HTTP 502: Bad Gateway',
       moment, moment + make_interval(mins => minutes)
  FROM hari
  JOIN (VALUES (5, 'pcare', 9, 38), (12, 'pcare', 10, 95), (12, 'antrean_fktp', 10, 60),
               (19, 'pcare', 8, 17), (33, 'antrean_fktp', 13, 44)) AS outage
       (day, layanan, hour, minutes) ON day = ago
 CROSS JOIN LATERAL (SELECT tanggal + make_interval(hours => hour - 7, mins => 20)) AS at (moment);

-- What the last comparisons found.
WITH known AS (
    SELECT name, res_id FROM ir_model_data WHERE module = 'antrean_bpjs'
), hari AS (
    SELECT company_id, tanggal, count(*) FILTER (WHERE nomor_antrean_pcare IS NOT NULL) AS agreed
      FROM antrean_antrean
     WHERE tanggal BETWEEN now()::date - 8 AND (now() AT TIME ZONE 'Asia/Jakarta')::date - 1
     GROUP BY 1, 2
), harian AS (
    INSERT INTO bpjs_harian (company_id, tanggal, state, diperiksa_at, dibaca, jumlah, jumlah_sama,
                             create_uid, create_date, write_uid, write_date)
    SELECT company_id, tanggal, 'selesai', tanggal + interval '22 hours', agreed, agreed, agreed,
           1, now(), 1, now()
      FROM hari
    RETURNING id, company_id, tanggal
), last AS (
    SELECT * FROM harian ORDER BY tanggal DESC LIMIT 1
)
INSERT INTO bpjs_harian_baris (harian_id, company_id, tanggal, jenis, urutan, antrean_id, pasien_id,
                               nama, kartu, no_kartu, kd_poli, poli_di_sini, poli_di_bpjs,
                               nomor_di_sini, nomor_di_bpjs, status_di_bpjs)
SELECT last.id, last.company_id, last.tanggal, 'sini', 0, entry.id, pasien.id, pasien.name,
       '…' || right(pasien.no_kartu_bpjs, 4), pasien.no_kartu_bpjs, ruangan.kd_poli_pcare,
       ruangan.name, NULL, NULL, NULL, NULL
  FROM last
  JOIN antrean_antrean entry ON entry.company_id = last.company_id
                            AND entry.tanggal = last.tanggal AND entry.nomor_antrean_pcare IS NULL
                            AND entry.state != 'batal'
  JOIN known ON known.name = 'penjamin_bpjs' AND known.res_id = entry.penjamin_id
  JOIN antrean_ruangan ruangan ON ruangan.id = entry.ruangan_id
  JOIN res_partner pasien ON pasien.id = entry.pasien_id
 UNION ALL
SELECT last.id, last.company_id, last.tanggal, 'sana', 1, NULL, pasien.id, pasien.name,
       '…' || right(pasien.no_kartu_bpjs, 4), pasien.no_kartu_bpjs, '001', NULL, 'Poli Umum',
       NULL, 'A21', 'Sudah dilayani'
  FROM last
  JOIN known ON known.name = 'pasien_07'
  JOIN res_partner pasien ON pasien.id = known.res_id
 UNION ALL
SELECT last.id, last.company_id, last.tanggal, 'ganda', 4, entry.id, pasien.id, pasien.name,
       '…' || right(pasien.no_kartu_bpjs, 4), pasien.no_kartu_bpjs, '001', 'Poli Umum',
       'Poli Umum', entry.nomor_antrean_pcare, 'A22', 'Baru'
  FROM last
  JOIN LATERAL (SELECT * FROM antrean_antrean
                 WHERE company_id = last.company_id AND tanggal = last.tanggal
                   AND nomor_antrean_pcare LIKE 'A%' ORDER BY id LIMIT 1) AS entry ON true
  JOIN res_partner pasien ON pasien.id = entry.pasien_id;
