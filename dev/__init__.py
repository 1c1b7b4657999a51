"""What `make` calls: brings up Odoo 19, PostgreSQL, the simulator and a browser for this checkout.

Plain standard library, because it runs before any environment exists. Nothing is installed into
the checkout: everything lives in one cache folder that all checkouts share (`cache.py`).

    __main__        the commands
    run, test, chaos, dist, lint, lock   what the commands of these names do
    odoo_server     Odoo for this checkout: configuration, databases, the running server
    odoo_tree, environment, postgres, browser   what that needs, fetched when it is missing
    apt, cache, clock, ports, processes, say   tools
"""
