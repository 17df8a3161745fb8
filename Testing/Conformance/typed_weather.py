"""The module of TypedModuleTests."""

import asyncio
import contextlib
import types
import weakref

version = "1.0"
level = 1
clients = weakref.WeakSet()
lookups = []


async def forecast(city, days=7):
    await asyncio.sleep(0)
    return f"{city}: {days} days"


def add(a, b=1):
    return a + b


async def readings(station, count=3):
    for i in range(count):
        await asyncio.sleep(0)
        yield station * 10 + i


async def passed(*args, **kwargs):
    return f"{args} {sorted(kwargs.items())}"


def shape(a, b=2, c=3, *rest, d=4, **options):
    return f"{a} {b} {c} {rest} {d} {options}"


def by_position(a=1, b=2, /, c=3):
    return f"{a} {b} {c}"


def optional(unit="default"):
    return repr(unit)


async def summarize(text, on_token):
    tokens = text.split()
    for token in tokens:
        await on_token(token)
    return len(tokens)


async def cancel_callback(callback, has_begun):
    task = asyncio.ensure_future(callback())
    while not has_begun():
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


async def total(first, items):
    return await first + sum([item async for item in items])


def apply(function, values):
    return [function(value) for value in values]


async def forever(started):
    started()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return_to[0] = "cancelled"
        raise


return_to = [""]


async def fail():
    raise LookupError("no such city")


class Client:
    def __init__(self, url):
        self.url = url
        self.values = {}
        self.entered = 0
        clients.add(self)

    @classmethod
    def from_port(cls, port):
        return cls(f"port {port}")

    async def get(self, path, times=1):
        await asyncio.sleep(0)
        return f"{self.url}/{path}" * times

    def sibling(self):
        return Client(self.url + "'")

    @property
    def broken(self):
        return None.nothing

    async def __aenter__(self):
        self.entered += 1
        return self

    async def __aexit__(self, *error):
        self.entered -= 1

    async def __aiter__(self):
        for key in self.values:
            yield key

    def __iter__(self):
        return iter(list(self.values))

    def __len__(self):
        return len(self.values)

    def __getitem__(self, key):
        return self.values[key]

    def __setitem__(self, key, value):
        self.values[key] = value


async def report(places, scale=None):
    return {"city": places[0]["city"], "temperature": places[0]["temperature"] * (scale or 1)}


def keep(value, *, other=None):
    return 1


def refuse(value):
    raise ValueError("refused")


@types.coroutine
def pause():
    yield


async def wait_once():
    await pause()
    return 1


started_coroutines = []


def started():
    coroutine = wait_once()
    coroutine.send(None)
    started_coroutines.append(coroutine)
    return coroutine


def end_started():
    try:
        started_coroutines.pop().send(None)
    except StopIteration as end:
        return end.value


class Nameless:
    def __dir__(self):
        raise RuntimeError("no names")


class Bare:
    pass


class Moody:
    def __getattr__(self, name):
        if name == "get":
            raise AttributeError("no get")
        raise RuntimeError(f"no {name} today")


def misuse(callback):
    return callback(1, 2, 3)


async def urls_passed(first=None, *rest):
    return " ".join(client.url for client in (first, *rest) if client is not None)


async def connect(url):
    return Client(url)


def urls(all):
    return [client.url for client in all]


def live():
    import gc

    gc.collect()
    return len(clients)


def wrong() -> int:
    return "text"


async def wrong_items():
    yield 1
    yield "text"


class Counting(types.ModuleType):
    """A module that counts the lookups of its functions."""

    def __getattr__(self, name):
        if name == "counted":
            lookups.append(name)
            return lambda: len(lookups)
        raise AttributeError(f"module has no attribute '{name}'")


counting = Counting("typed_counting")


class Raising(types.ModuleType):
    """A module whose __getattr__ fails for some names."""

    def __getattr__(self, name):
        if name == "absent":
            raise AttributeError("module has no attribute 'absent'")
        raise RuntimeError(f"no {name} today")


raising = Raising("typed_raising")
