from . import antrean_terima
