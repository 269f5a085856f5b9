"""Texts with `{names}` in them: which they name, whether they can be filled, and filling them."""

import re

_VARIABLE = re.compile(r"\{(\w+)\}")


class BadText(ValueError):
    """The text can't be filled: `braces` (None), or a variable `unknown` or `missing`."""

    def __init__(self, reason, variable=None):
        super().__init__(f"{reason}: {variable}")
        self.reason = reason
        self.variable = variable


def find_variables(text):
    """The names in the text, each once, in their order. Raises BadText where a brace belongs to no `{name}`."""
    if set("{}") & set(_VARIABLE.sub("", text)):
        raise BadText("braces")
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def check_variables(text, known, required=()):
    """Raise BadText unless the text names none but `known` variables, and all the `required` ones."""
    named = find_variables(text)
    for name in named:
        if name not in known:
            raise BadText("unknown", name)
    for name in required:
        if name not in named:
            raise BadText("missing", name)


def fill_variables(text, values):
    """The text with the `values` of its variables; braces within a value stay what they are.

    Raises KeyError for a variable without one.
    """
    return _VARIABLE.sub(lambda found: values[found[1]], text)
