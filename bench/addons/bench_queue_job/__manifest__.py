{
    "name": "Bench: queue_job",
    "summary": "The same jobs through OCA's queue_job",
    "version": "19.0.1.0.0",
    "author": "Antrean BPJS",
    "license": "LGPL-3",
    "depends": ["bench_plain", "queue_job"],
}
