from . import bpjs_jadwal
from . import bpjs_referensi
from . import bpjs_fetch
from . import bpjs_perbandingan
