"""Random signatures and calls: what a function of Python with the same signature makes of the call."""

import inspect
import random
import re

NAMES = ["a", "b", "self", "args", "ä", "x" * 40]
ODD = ["", "a b", "A", "\ud800", "ａ", "rest", "class", "\x00"]


def signature(seed):
    """Names, how many are required, and whether further positional arguments are taken."""
    r = random.Random(seed)
    names = r.sample(NAMES, r.randrange(len(NAMES)))
    return names, r.randint(0, len(names)), r.random() < 0.3


def function(names, required, rest):
    parameters = names[:required] + [f"{name}='<default>'" for name in names[required:]] + ["*rest_"] * rest
    scope = {}
    exec(f"def f({', '.join(parameters)}): return [{', '.join(names)}], list({'rest_' if rest else '()'})", scope)
    return scope["f"]


def outcome(f, args, kwargs):
    try:
        values, rest = f(*args, **kwargs)
        return list(values), list(rest)
    except TypeError as e:
        # What newer Pythons suggest besides.
        return re.sub(r" Did you mean '.*'\?$", "", str(e)).removesuffix(".")


def binds(f, args, kwargs):
    try:
        inspect.signature(f).bind(*args, **kwargs)
        return True
    except TypeError:
        return False


def check(ours, seed):
    """Describes the difference; None if there is none. Ten calls for each signature."""
    names, required, rest = signature(seed)
    f = function(names, required, rest)
    r = random.Random(seed + 1)
    for _ in range(10):
        args = [r.randrange(100) for _ in range(r.randrange(len(names) + 3))]
        keys = [key for key in names[len(args):] if r.random() < 0.7] if r.random() < 0.8 else r.sample(names + ODD, r.randrange(4))
        # Not the interned text of the source.
        kwargs = {(key + "_")[:-1] if r.random() < 0.5 else key: r.randrange(100) for key in keys}
        expected, actual = outcome(f, args, kwargs), outcome(ours, args, kwargs)
        if expected != actual or isinstance(actual, str) == binds(f, args, kwargs):
            return f"f{inspect.signature(f)} called with {args}, {kwargs} gave {actual!r}, and in Python {expected!r}"
    return None
