# Everything is done by dev/, which needs nothing but Python itself.

# The first Python here that Odoo 19 works with. (A command may exist and still not run: try it.)
SUITABLE := import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))
PYTHON := $(firstword $(foreach python,python3 python3.13 python3.12 python3.11 python3.10,$(shell \
	$(python) -c '$(SUITABLE)' 2>/dev/null && echo $(python))))

define HELP
make run      Odoo with the addon, the BPJS simulator and demo data, to try in a browser
make test     all tests; some of them: TESTS="tests/test_rooms.py -k import", as if it were another
              hour of UTC: HOUR=17:30 (CONTRIBUTING.md)
make chaos    the fault campaign: SEED=1 ENTRIES=2000 KILLS=100 WAY=soap (docs/reliability.md)
make bench    measure against queue_job and a plain cron: BENCH="backlog cost" SCALE=0.1 RUNS=3
              (docs/performance.md)
make lint     all linters; make format mends what can be mended by itself
make reset    a fresh demo database
make dist     the addon as one archive to install, in dist/
make lock     choose newer libraries and lock them
make screenshots   the pictures of README, guides and store page, from the running product

PORT=8070 SIMULATOR_PORT=8900   other ports for make run (8069 and 8899)
WAY=soap WAY=proxy              make run and make chaos through an integration engine or a proxy
ODOO_HOME=FOLDER                your own Odoo 19 instead of a downloaded one
PGHOST PGPORT PGUSER …          your own PostgreSQL instead of a built-in one
ANTREAN_BPJS_CACHE=FOLDER       where everything is kept (~/.cache/antrean-bpjs)
endef

.PHONY: help run test chaos bench lint format reset dist lock screenshots
help:
	@$(info $(HELP)):
run test chaos bench lint format reset dist lock screenshots:
	@$(if $(PYTHON),,$(error Odoo 19 needs Python 3.10 to 3.13: install one, e.g. apt-get install python3))
	@$(PYTHON) -m dev $@
