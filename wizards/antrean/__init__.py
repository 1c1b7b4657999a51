from . import antrean_batal
from . import antrean_teruskan
