from . import bpjs_job
from . import antrean_terutang
from . import bpjs_faskes
from . import bpjs_harian
from . import bpjs_harian_cari
from . import bpjs_harian_baris
from . import bpjs_harian_tindakan
