# Odoo runs the modules that it finds here under a name with test_: each room hands its own up.
from .antrean import *
from .faskes import *
from .job import *
from .referensi import *
from .kepesertaan import *
from .mobile_jkn import *
from .harian import *
from .laporan import *
from . import test_bad_input
from . import test_board_size
from . import test_docs
from . import test_hoot
from . import test_pointer
from . import test_rooms
from . import test_security
from . import test_tours
from . import test_translation
