from . import test_akses
from . import test_layanan
from . import test_dipesan
