from . import bpjs_job
