# Creates the __code__ of C# functions that are coroutine functions or async generator functions. Run when the first one is requested.
# The code does nothing. It has the function's names and parameters, and the flag that inspect and frameworks read.

import sys


def make(function, is_generator):
    module = function.__module__
    signature = getattr(function, "__text_signature__", None) or "(*args, **kwargs)"
    try:
        stub = compiled(signature.replace("($", "(", 1), module, is_generator)
    except Exception:  # A default value that cannot be evaluated.
        stub = compiled("(*args, **kwargs)", module, is_generator)
    file = f"<C# function in {module}>" if module else "<C# function>"
    code = stub.__code__.replace(co_name=function.__name__, co_qualname=function.__qualname__, co_filename=file)
    return code, stub.__defaults__, stub.__kwdefaults__


def compiled(signature, module, is_generator):
    # inspect, too, evaluates the default values of a __text_signature__ with the module's names.
    names = dict(vars(sys.modules[module])) if module in sys.modules else {}
    exec(f"async def stub{signature}: {'yield' if is_generator else 'pass'}", names)
    return names["stub"]
