INDONESIAN = "id_ID"


def post_init_hook(env):
    """Switch Indonesian on, and make it the language of a database that is new. Where people are
    at work already, each keeps the language they have.
    """
    is_new = _is_new(env)
    _switch_on_indonesian(env)
    if is_new:
        env["ir.default"].set("res.partner", "lang", INDONESIAN)
        env["res.partner"].with_context(active_test=False).search([]).lang = INDONESIAN


def _is_new(env):
    """Whether nobody has settled here yet: no language was added to English, and no user or contact
    to those that modules brought along.
    """
    languages = [code for code, _name in env["res.lang"].get_installed()]
    return languages == ["en_US"] and not any(
        _has_own_records(env[model]) for model in ("res.users", "res.partner")
    )


def _has_own_records(model):
    """Whether there is a record without a name that a module gave it; an import gives names, too,
    but is no module.
    """
    modules = model.env["ir.module.module"].search([]).mapped("name")
    brought_along = model.env["ir.model.data"].search(
        [("model", "=", model._name), ("module", "in", modules)]
    )
    others = [("id", "not in", brought_along.mapped("res_id"))]
    return bool(model.with_context(active_test=False).search_count(others, limit=1))


def _switch_on_indonesian(env):
    indonesian = env["res.lang"].with_context(active_test=False).search([("code", "=", INDONESIAN)])
    if indonesian.active:
        return
    indonesian.active = True
    modules = env["ir.module.module"].search([("state", "=", "installed")])
    modules |= env.ref("base.module_antrean_bpjs")  # counts as installed only after this hook
    modules._update_translations([INDONESIAN])
