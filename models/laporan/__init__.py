from . import antrean_waktu
from . import bpjs_faskes
from . import bpjs_gangguan
from . import antrean_laporan
from . import antrean_laporan_halaman
