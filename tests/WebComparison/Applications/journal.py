"""Records what an application sees of one request, and hands it to the request that asks for it."""

import asyncio
import gc

_entries = {}
_waiters = {}


def record(key, *entries):
    """Adds entries to the journal of a request."""
    _entries.setdefault(key, []).extend(entries)


def finish(key):
    """Completes the journal of a request."""
    record(key, "end")
    _waiter(key).set()


async def read(key):
    """Waits until the journal is complete, and returns it; after two minutes what there is."""
    for _ in range(120):
        try:
            await asyncio.wait_for(_waiter(key).wait(), 1)
            break
        except asyncio.TimeoutError:
            # Under uvicorn a generator whose reader was cancelled while it sent a part is closed when it is collected.
            gc.collect()
    else:
        record(key, "never ended")
    return _entries.pop(key, [])


async def reached(key, entry):
    """Waits until the journal has an entry."""
    for _ in range(12_000):
        if entry in _entries.get(key, []):
            return
        await asyncio.sleep(0.01)
    raise TimeoutError(f"{key} has no {entry}: {_entries.get(key)}")


def _waiter(key):
    return _waiters.setdefault(key, asyncio.Event())
