namespace PyAsync.Tests;

/// <summary>The Python code whose methods fail.</summary>
public sealed partial class HostileCodeTests
{
    private const string Source = """
        import asyncio, sys

        class Injected(Exception):
            pass

        def boom(*args, **kwargs):
            raise Injected("injected")

        class Awaits:
            __await__ = boom

        class AwaitsNothing:
            def __await__(self):
                return 5

        class Iterates:
            def __await__(self):
                return self
            __iter__ = boom
            __next__ = boom

        class Sends:
            def __await__(self):
                return self
            def __iter__(self):
                return self
            def __next__(self):
                return 5

        class AsyncIterates:
            __aiter__ = boom

        class AsyncSteps:
            def __aiter__(self):
                return self
            __anext__ = boom

        class AsyncCloses:
            i = 0
            def __aiter__(self):
                return self
            async def __anext__(self):
                self.i += 1
                return self.i
            aclose = boom

        class Dies:
            def __del__(self):
                boom()

        class Compares:
            __eq__ = boom
            __hash__ = boom
            __bool__ = boom
            __repr__ = boom
            __str__ = boom
            __len__ = boom
            __index__ = boom
            __float__ = boom

        class Fails(Exception):
            __str__ = boom
            __repr__ = boom

        def new(name):
            return globals()[name]()

        async def give(name):
            await asyncio.sleep(0)
            return globals()[name]()

        async def dying():
            dies = Dies()
            await asyncio.sleep(0)
            return 1

        async def fail():
            raise Fails

        async def call(f, *args):
            return await f(*args)

        async def callback(f):
            future = asyncio.ensure_future(f())
            future.add_done_callback(boom)
            await asyncio.wait([future])
            await asyncio.sleep(0)
            return future.result()

        async def handler_fails(f):
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(boom)
            try:
                future = asyncio.ensure_future(f())
                future.add_done_callback(boom)
                await asyncio.wait([future])
                await asyncio.sleep(0)
                return future.result()
            finally:
                loop.set_exception_handler(None)

        async def one():
            await asyncio.sleep(0)
            return 1

        unraisable = []

        def watch():
            sys.unraisablehook = lambda args: unraisable.append(repr(args.exc_value))
        """;
}
