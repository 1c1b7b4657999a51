-- A copy of the database must never speak to BPJS, not even where its database.uuid is the same.
UPDATE bpjs_faskes
   SET cons_id = 'neutralized', secret = 'neutralized', username = NULL, password = NULL,
       database_uuid = NULL, jalur = 'langsung', jalur_alamat = NULL, jalur_username = NULL,
       jalur_password = NULL, jalur_lingkungan = NULL,
       mobile_jkn_hash = NULL, mobile_jkn_uji_hash = NULL;
UPDATE bpjs_layanan
   SET user_key = NULL, base_url = 'http://127.0.0.1:9/neutralized';
