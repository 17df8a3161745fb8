"""Classes that are written in C#."""

import asyncio
import gc
import inspect
import pickle
import weakref

import my_test_module as m
from support import main, raises, raises_later


def test_constructor_properties_methods():
    counter = m.Counter(5)
    assert counter.value == 5
    assert counter.next() == 6
    assert counter.next(times=3) == 9
    assert m.Counter(start=1, step=10).next() == 11
    counter.label = "mine"
    assert counter.label == "mine"
    counter.label = None
    assert counter.label is None
    assert str(counter) == "counter at 9"
    assert len(counter) == 9 and counter[2] == 11
    assert m.Counter.parse("12").value == 12


async def test_asynchronous_methods():
    counter = m.Counter(0)
    assert await counter.next_after(0.01) == 1
    assert await asyncio.gather(*(counter.next_after(0.001) for _ in range(5)))
    future = counter.next_after(30)
    future.cancel()
    await raises_later(asyncio.CancelledError, future)


def test_wrong_use():
    assert str(raises(TypeError, m.Counter)) == "Counter.__init__() missing 1 required positional argument: 'start'"
    assert str(raises(TypeError, m.Counter, 1, 2, 3)) == "Counter.__init__() takes from 2 to 3 positional arguments but 4 were given"
    assert str(raises(TypeError, m.Counter, "x")) == "Counter.__init__() argument 'start' must be int, not str"
    counter = m.Counter(1)
    assert str(raises(TypeError, counter.next, 1, 2)) == "Counter.next() takes from 1 to 2 positional arguments but 3 were given"
    assert str(raises(TypeError, m.Counter.next, 5)) == "descriptor 'next' for 'Counter' objects doesn't apply to a 'int' object"
    assert isinstance(raises(AttributeError, setattr, counter, "value", 1), AttributeError)
    assert str(raises(TypeError, setattr, counter, "label", 1)) == "Counter.label() argument 'value' must be str | None, not int"
    assert not hasattr(counter, "hidden")
    assert "cannot create" in str(raises(TypeError, m.Ticket))
    assert "cannot pickle" in str(raises(TypeError, pickle.dumps, counter))


def test_the_same_object_is_the_same_instance():
    counter = m.Counter(1)
    assert counter.same() is counter
    copy = counter.copy()
    assert copy is not counter and copy.value == 1
    assert m.total([counter, copy, counter]) == 3
    assert m.total([], extra=counter) == 1
    assert m.total([], None) == 0
    assert str(raises(TypeError, m.total, [1])) == "total() argument 'counters' must be list[Counter]: item 0 is an int"
    assert m.issue(7).number == 7


def test_derived_in_python():
    class Loud(m.Counter):
        def __init__(self, word):
            super().__init__(10)
            self.word = word

        def next(self, times=1):
            return f"{self.word} {super().next(times)}"

    loud = Loud("now")
    assert loud.next() == "now 11"
    assert loud.same() is loud
    assert m.total([loud]) == 11
    reference = weakref.ref(loud)
    del loud
    gc.collect()
    assert reference() is None


def test_derived_without_calling_the_constructor():
    class Lazy(m.Counter):
        def __init__(self):
            pass

    assert "super().__init__()" in str(raises(RuntimeError, lambda: Lazy().value))
    assert "super().__init__()" in str(raises(RuntimeError, lambda: m.Counter.__new__(m.Counter).next()))


async def test_derived_in_csharp():
    down = m.DownCounter(2)
    assert isinstance(down, m.Counter) and issubclass(m.DownCounter, m.Counter)
    assert down.next() == 1 and not down.at_zero and down.next() == 0 and down.at_zero
    made = await m.make_counter(-3)
    assert type(made) is m.DownCounter and made.value == 3
    assert type(await m.make_counter(3)) is m.Counter
    raises(TypeError, lambda: type("No", (m.DownCounter,), {}))


async def test_async_with():
    async with m.Session("s") as session:
        assert session.is_open
        assert await session.ask("why") == "s: why"
    assert not session.is_open
    error = await raises_later(Exception, session.ask("again"))
    assert error.dotnet_type == "System.ObjectDisposedException"

    try:
        async with m.Session("t") as session:
            raise KeyError("inside")
    except KeyError:
        assert not session.is_open


async def test_async_with_by_name():
    transaction = m.Transaction()
    async with transaction as begun:
        assert begun == "begun"
    assert transaction.end == "committed"
    async with transaction:
        raise KeyError("taken care of")
    assert transaction.end == "rolled back"

    lease = m.Lease()
    async with lease as entered:
        assert entered is lease
    assert lease.end == "given back"


def test_with():
    with m.Session("s") as session:
        assert session.is_open
    assert not session.is_open


async def test_async_for():
    assert [item async for item in m.Session("s")] == ["s0", "s1", "s2"]
    assert [item async for item in m.Ticker(3)] == [3, 2, 1]
    ticker = m.Ticker(1)
    assert aiter(ticker) is ticker
    assert await anext(ticker) == 1
    await raises_later(StopAsyncIteration, anext(ticker))


def test_what_python_sees_of_it():
    assert m.Counter.__module__ == "my_test_module" and m.Counter.__qualname__ == "Counter"
    assert str(inspect.signature(m.Counter)) == "(start, step=1)"
    assert str(inspect.signature(m.Counter.next_after)) == "(self, /, seconds)"
    assert str(inspect.signature(m.Counter(1).next_after)) == "(seconds)"
    assert m.Counter.__doc__.startswith("Counts up.")
    assert m.Counter.next.__doc__ == "Counts.\n\nArgs:\n    times: How often."
    assert m.Counter.value.__doc__ == "The current number."
    assert m.Counter.next.__qualname__ == "Counter.next"
    assert isinstance(inspect.getattr_static(m.Counter, "parse"), staticmethod)


def test_instances_are_freed():
    counters = [m.Counter(i) for i in range(1000)]
    references = [weakref.ref(counter) for counter in counters]
    del counters
    gc.collect()
    assert not any(reference() for reference in references)


def test_initialised_again():
    counter = m.Counter(1)
    counter.__init__(5)
    assert counter.value == 5
    assert counter.same() is counter


main()
