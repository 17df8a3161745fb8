"""The Python half of the benchmarks, and the Python-only references. Measurements give nanoseconds for all n items."""

import asyncio
import gc
import sys
import time
import tracemalloc

now = time.perf_counter_ns


# --- the awaited functions ---------------------------------------------------------------------------------------------------------


async def one():
    return 1


async def give(data):
    return data


def length(view):
    view[-1]
    return len(view)


async def describe(text, number):
    return number


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


async def fail():
    raise ValueError("bang")


async def fail_below(frames=9):
    if frames == 1:
        await fail()
    else:
        await fail_below(frames - 1)


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


#: The kind of task that the bridge creates for a coroutine: eager if Python has eager tasks.
EAGER = {"eager_start": True} if sys.version_info >= (3, 12) else {}


async def tasks(function, n):
    """n coroutines at once within Python, each in a task such as the bridge makes."""
    loop = asyncio.get_running_loop()
    start = now()
    for task in [asyncio.Task(function(), loop=loop, **EAGER) for _ in range(n)]:
        await task
    return now() - start


async def gather_tasks(function, n):
    """The same, gathered."""
    loop = asyncio.get_running_loop()
    start = now()
    await asyncio.gather(*[asyncio.Task(function(), loop=loop, **EAGER) for _ in range(n)])
    return now() - start


async def tasks_one_by_one(function, n):
    loop = asyncio.get_running_loop()
    start = now()
    for _ in range(n):
        await asyncio.Task(function(), loop=loop, **EAGER)
    return now() - start


async def failing_tasks_one_by_one(function, n):
    loop = asyncio.get_running_loop()
    start = now()
    for _ in range(n):
        try:
            await asyncio.Task(function(), loop=loop, **EAGER)
        except ValueError:
            pass
    return now() - start


async def await_one_by_one(function, n):
    """Call and await a coroutine function, a C# function, or any function that returns an awaitable."""
    start = now()
    for _ in range(n):
        await function()
    return now() - start


async def call_one_by_one(function, n):
    """Call without awaiting."""
    start = now()
    for _ in range(n):
        function()
    return now() - start


async def call_and_keep(function, n):
    """Call, and await the results outside of the measured time."""
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
    """Create and await asyncio futures that are done: the reference for a completed C# Task."""
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
    """Await the same awaitable, which is done, repeatedly."""
    awaitable = make()
    await awaitable
    start = now()
    for _ in range(n):
        await awaitable
    return now() - start


# --- streams -----------------------------------------------------------------------------------------------------------------------


async def generate(n):
    for i in range(n):
        yield i


async def read_all(items, n):
    """Read a stream of n items."""
    count = 0
    start = now()
    async for _ in items(n):
        count += 1
    assert count == n
    return now() - start


async def emit(n):
    """The times at which items are produced, one every 2 ms."""
    for _ in range(n):
        await asyncio.sleep(0.002)
        yield now()


async def delays(items):
    """The median time from the production of an item to its arrival here."""
    found = sorted([now() - produced async for produced in items()])
    return found[len(found) // 2]


# --- memory ------------------------------------------------------------------------------------------------------------------------


class Parked:
    """Coroutines that Python itself parks: the reference without .NET."""

    def __init__(self):
        self.event = asyncio.Event()
        self.futures = []

    def start(self, loop, n):
        """As tasks, created on the loop's thread."""

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
