def post_init_hook(env):
    """Make Indonesian the language of a new database's users and contacts."""
    indonesian = env["res.lang"]._activate_lang("id_ID")
    env["base.language.install"].create({"lang_ids": indonesian.ids}).lang_install()
    env["ir.default"].set("res.partner", "lang", indonesian.code)
    english = env["res.partner"].with_context(active_test=False).search([("lang", "=", "en_US")])
    english.lang = indonesian.code
