{
    "name": "Bench: clock",
    "summary": "Logs when a registration has been committed",
    "version": "19.0.1.0.0",
    "author": "Antrean BPJS",
    "license": "LGPL-3",
    "depends": ["antrean_bpjs"],
}
