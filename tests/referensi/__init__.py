from . import test_referensi
