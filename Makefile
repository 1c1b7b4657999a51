# Everything is done by dev/, which needs nothing but Python itself; see `make help`.

# The first Python here that Odoo 19 works with. (A command may exist and still not run: try it.)
SUITABLE := import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))
PYTHON := $(firstword $(foreach python,python3 python3.13 python3.12 python3.11 python3.10,$(shell \
	$(python) -c '$(SUITABLE)' 2>/dev/null && echo $(python))))

.PHONY: run test lint format reset lock help
run test lint format reset lock:
	@$(if $(PYTHON),,$(error Odoo 19 needs Python 3.10 to 3.13: install one, e.g. apt-get install python3))
	@$(PYTHON) -m dev $@
