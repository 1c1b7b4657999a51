from . import antrean_batal
from . import antrean_terima
from . import bpjs_pasangkan
