from . import bpjs_harian_rentang
