from . import test_layanan
