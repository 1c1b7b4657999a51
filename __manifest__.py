{
    "name": "Antrean BPJS",
    "summary": "Queue board that reports every BPJS visit to PCare and Antrean FKTP by itself",
    "version": "19.0.1.0.0",
    "category": "Services/Healthcare",
    "author": "Antrean BPJS",
    "license": "LGPL-3",
    "depends": ["mail"],
    "data": [],
    "demo": [],
    "assets": {},
    "application": True,
}
