from . import antrean_antrean
