"""The protocol of BPJS Kesehatan for primary-care clinics: PCare and Antrean FKTP, without Odoo.

An endpoint function (`pcare`, `antrean`) gives a `Request`, a `Client` sends it and gives an
`Answer`, `classify` says what that means: an `Outcome`.
"""
