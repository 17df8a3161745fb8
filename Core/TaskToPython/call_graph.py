# Represents an awaited C# method in asyncio's call graphs (capture_call_graph, print_call_graph), by the attributes of a frame that asyncio reads.
# Run when the first one is created.


def code():
    pass


class Frame:
    f_back = f_generator = f_trace = None
    f_lineno = f_lasti = 0

    def __init__(self, name):
        self.f_code = code.__code__.replace(co_name=name.rpartition(".")[2], co_qualname=name, co_filename="<C#>")
        self.f_locals, self.f_globals, self.f_builtins = {}, {}, {}
