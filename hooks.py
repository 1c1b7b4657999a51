def post_init_hook(env):
    """Make Indonesian the language of a new database's users and contacts; English works, too."""
    env["res.lang"]._activate_lang("en_US")
    indonesian = env["res.lang"]._activate_lang("id_ID")
    modules = env["ir.module.module"].search([("state", "=", "installed")])
    modules |= env.ref("base.module_antrean_bpjs")  # counts as installed only after this hook
    modules._update_translations([indonesian.code])
    env["ir.default"].set("res.partner", "lang", indonesian.code)
    english = env["res.partner"].with_context(active_test=False).search([("lang", "=", "en_US")])
    english.lang = indonesian.code
