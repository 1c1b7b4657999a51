"""What `make` calls: brings up Odoo 19, PostgreSQL, the simulator and a browser around this checkout.

Plain standard library, because it runs before any environment exists. Nothing is installed into the
checkout: everything lives in one cache folder (see `cache.py`) that all checkouts share.
"""
