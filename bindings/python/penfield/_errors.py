"""The exception that is Penfield's own."""


class BadInput(ValueError):
    """An array, text, model or result folder breaks a rule.

    The message says which, and where.
    """


BadInput.__module__ = "penfield"
