def told_by_bpjs(env, is_done, message):
    """Return the notification of what came of a press, and have the screen read anew."""
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": "success" if is_done else "danger",
            "title": False if is_done else env._("ANSWER FROM BPJS:"),
            "message": message,
            "sticky": not is_done,
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        },
    }
