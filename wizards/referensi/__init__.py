from . import bpjs_pasangkan
