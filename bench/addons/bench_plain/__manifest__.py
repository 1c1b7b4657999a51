{
    "name": "Bench: one after the other",
    "summary": "What most bridges do: a scheduled action that sends one job after the other",
    "version": "19.0.1.0.0",
    "author": "Antrean BPJS",
    "license": "LGPL-3",
    "depends": ["antrean_bpjs"],
    "data": ["data/ir_cron.xml"],
}
