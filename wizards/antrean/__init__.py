from . import antrean_batal
