# Creates the coroutines of functions written in C#. Run when the first one is created.
# A coroutine takes its names from the function, and its tracebacks from the code.


async def coroutine(start):
    return await start


def make(name, qualname, module):
    code = coroutine.__code__.replace(co_name=name, co_qualname=qualname, co_filename=f"<C# function in {module}>" if module else "<C# function>")
    function = type(coroutine)(code, {"__name__": module, "__builtins__": __builtins__}, name)
    function.__qualname__ = qualname
    return function
