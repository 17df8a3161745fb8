"""The Python half of the benchmarks, and the Python-only references. Measurements give nanoseconds for all n items."""

import asyncio
import gc
import time
import tracemalloc

now = time.perf_counter_ns


# --- what is awaited ---------------------------------------------------------------------------------------------------------------


async def one():
    return 1


async def turn():
    await asyncio.sleep(0)
    return 1


async def nap():
    await asyncio.sleep(0.1)
    return 1


async def park(event):
    await event.wait()


def make_event():
    return asyncio.Event()


def nothing():
    return 1


def stamp():
    return now()


async def turn_and_stamp():
    await asyncio.sleep(0)
    return now()


def in_executor():
    return asyncio.get_running_loop().run_in_executor(None, nothing)


# --- .NET awaits Python: the references --------------------------------------------------------------------------------------------


def threadsafe(loop, function, n):
    """n coroutines at once through run_coroutine_threadsafe, from a thread that is not the loop's."""
    start = now()
    for future in [asyncio.run_coroutine_threadsafe(function(), loop) for _ in range(n)]:
        future.result()
    return now() - start


def threadsafe_one_by_one(loop, function, n):
    start = now()
    for _ in range(n):
        asyncio.run_coroutine_threadsafe(function(), loop).result()
    return now() - start


async def gather(function, n):
    """n coroutines at once within Python."""
    start = now()
    await asyncio.gather(*[function() for _ in range(n)])
    return now() - start


async def await_one_by_one(function, n):
    """Calls and awaits: a coroutine function, a C# function, anything that gives an awaitable."""
    start = now()
    for _ in range(n):
        await function()
    return now() - start


async def call_one_by_one(function, n):
    """Calls, and awaits nothing."""
    start = now()
    for _ in range(n):
        function()
    return now() - start


async def call_and_keep(function, n):
    """Calls, and awaits what came of it outside the time that is measured."""
    start = now()
    futures = [function() for _ in range(n)]
    taken = now() - start
    await asyncio.gather(*futures)
    return taken


# --- Python awaits .NET ------------------------------------------------------------------------------------------------------------


async def gather_in_batches(function, n, batch):
    start = now()
    for _ in range(n // batch):
        await asyncio.gather(*[function() for _ in range(batch)])
    return now() - start


async def done_futures(n):
    """Makes and awaits asyncio futures that are done: what a completed C# Task has to compare with."""
    create_future = asyncio.get_running_loop().create_future
    start = now()
    for _ in range(n):
        future = create_future()
        future.set_result(1)
        await future
    return now() - start


def done_future():
    future = asyncio.get_running_loop().create_future()
    future.set_result(1)
    return future


async def await_again(make, n):
    """Awaits one and the same awaitable, which is done."""
    awaitable = make()
    await awaitable
    start = now()
    for _ in range(n):
        await awaitable
    return now() - start


# --- memory ------------------------------------------------------------------------------------------------------------------------


class Parked:
    """Coroutines that Python itself parks: what one costs without .NET."""

    def __init__(self):
        self.event = asyncio.Event()
        self.futures = []

    def start(self, loop, n):
        """As tasks, made on the loop's thread."""

        async def create():
            self.futures = [loop.create_task(park(self.event)) for _ in range(n)]

        asyncio.run_coroutine_threadsafe(create(), loop).result()

    def start_threadsafe(self, loop, n):
        self.futures = [asyncio.run_coroutine_threadsafe(park(self.event), loop) for _ in range(n)]

    async def end(self):
        self.event.set()
        await asyncio.gather(*[asyncio.wrap_future(future) for future in self.futures])
        self.futures.clear()


def collect():
    gc.collect()


def trace_memory():
    gc.collect()
    tracemalloc.start(1)


def traced_memory():
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def stop_tracing():
    tracemalloc.stop()
