from . import test_laporan
