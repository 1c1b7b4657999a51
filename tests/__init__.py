from . import test_antrean
from . import test_concurrency
from . import test_engine
from . import test_resend
from . import test_security
from . import test_board
from . import test_hoot
from . import test_translation
