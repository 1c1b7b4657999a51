from . import antrean_sumber
