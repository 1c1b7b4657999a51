from . import test_alamat
from . import test_diagnosis
from . import test_jalur
from . import test_rahasia
from . import test_salinan
from . import test_services
from . import test_settings
