"""Jobs that say something in our own words get its reason, which is what explains them now."""

from odoo import SUPERUSER_ID, api

# What 19.0.1.0.0 said, in English and Indonesian; there BPJS's own text has no reason.
SAID = [
    ("address", "The address of BPJS is not valid", "Alamat BPJS tidak sah"),
    ("unreachable", "BPJS could not be reached", "BPJS tidak dapat dihubungi"),
    (
        "no_connection_in_time",
        "BPJS did not take the connection in time",
        "BPJS tidak menerima sambungan tepat waktu",
    ),
    ("tls", "No secure connection to BPJS came about", "Sambungan aman ke BPJS tidak terbentuk"),
    (
        "certificate",
        "The TLS certificate of BPJS is not trusted",
        "Sertifikat TLS BPJS tidak dipercaya",
    ),
    ("ca_bundle", "The CA bundle is not there", "Berkas CA bundle tidak ada"),
    (
        "characters",
        "The credentials hold a character that no header takes",
        "Kredensial memuat karakter yang tidak dapat dikirim",
    ),
    ("no_answer_in_time", "BPJS did not answer in time", "BPJS tidak menjawab tepat waktu"),
    ("connection_lost", "The connection to BPJS was lost", "Sambungan ke BPJS terputus"),
    ("empty", r"HTTP \d+ without a readable answer \(empty\).*"),
    ("not_json", r"HTTP \d+ without a readable answer \(not JSON\).*"),
    ("no_code", r"HTTP \d+ without a readable answer \(no code\).*"),
    ("too_large", r"HTTP \d+ without a readable answer \(too large\).*"),
    ("undecryptable", r"HTTP \d+ without a readable answer \(could not be decrypted\).*"),
    ("no_message", r"HTTP \d+ without a message"),
    ("no_list", "BPJS's answer is not a list", "Jawaban BPJS bukan daftar"),
    (
        "no_referensi",
        "BPJS's answer is not a list of poli or doctors",
        "Jawaban BPJS bukan daftar poli atau dokter",
    ),
    ("no_urut", "PCare's answer has no queue number"),
    (
        "no_provider",
        "PCare's answer has no clinic for this participant",
        "PCare tidak mengenal peserta dengan nomor kartu ini",
    ),
    ("no_visit", "PCare's list has a row without card, poli or queue number"),
    (
        "own_error",
        "The clinic's own system made an error",
        "Terjadi kesalahan pada sistem klinik sendiri",
    ),
    ("no_request", r"The request could not be made\..*", r"Data kiriman tidak dapat disusun\..*"),
    (
        "given_up_undo",
        r".+ gave no answer in \d+ tries, .* took this visit back\..*",
        r".+ tidak menjawab dalam \d+ percobaan, .* membatalkan kunjungan ini\..*",
    ),
    (
        "given_up",
        r".+ gave no answer in \d+ tries, .* this visit arrived\..*",
        r".+ tidak menjawab dalam \d+ percobaan, .* sudah sampai\..*",
    ),
    (
        "not_registered",
        "PCare does not have this registration",
        "Pendaftaran ini belum ada di PCare",
    ),
    ("still_registered", "PCare still has this registration"),
    (
        "never_said",
        r"PCare never said whether it has this visit\..*",
        r"PCare tidak pernah menyatakan apakah kunjungan ini ada\..*",
    ),
    ("no_card", r".+ has no BPJS card number\..*", r".+ belum memiliki nomor kartu BPJS\..*"),
    ("no_nik", r".+ has no NIK\..*", r".+ belum memiliki NIK\..*"),
    (
        "no_kd_poli",
        r"Room .+ has no (PCare|Antrean FKTP) poli code\..*",
        r"Ruangan .+ belum memiliki kode poli (PCare|Antrean FKTP)\..*",
    ),
    (
        "no_kd_dokter",
        r"Doctor .+ has no Antrean FKTP code\..*",
        r"Dokter .+ belum memiliki kode Antrean FKTP\..*",
    ),
    (
        "no_jadwal",
        r"No doctor and hours are chosen\..*",
        r"Dokter dan jam praktik belum dipilih\..*",
    ),
    (
        "other_day",
        r".+ does not have these hours on the day of the visit\..*",
        r".+ tidak memiliki jam praktik ini pada hari kunjungan\..*",
    ),
    (
        "no_schedule",
        "BPJS has no practice hours in this poli on this day",
        "BPJS tidak punya jam praktik di poli ini pada hari ini",
        r"BPJS has no practice hours of .+ in .+ on this day\..*",
        r"Di BPJS .+ tidak punya jam praktik di .+ pada hari ini\..*",
    ),
]


def migrate(cr, version):
    for reason, *sentences in SAID:
        cr.execute(
            "UPDATE bpjs_job SET reason = %s WHERE message ~ %s",
            [reason, f"^({'|'.join(sentences)})$"],
        )
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["bpjs.job"].invalidate_model(["reason"])
    env["bpjs.galat"]._explain_anew()
