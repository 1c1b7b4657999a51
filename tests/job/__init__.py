from . import test_cancel
from . import test_concurrency
from . import test_engine
from . import test_galat
from . import test_job_types
from . import test_panggil
from . import test_resend
from . import test_visit
