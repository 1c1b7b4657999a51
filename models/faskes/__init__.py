from . import res_company
from . import bpjs_rahasia
from . import bpjs_faskes
from . import faskes_ganda
from . import bpjs_layanan
from . import bpjs_salinan
from . import bpjs_diagnosis
