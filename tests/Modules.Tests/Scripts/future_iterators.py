"""The iterators of a future: send, throw, close, and a default for anext()."""

import asyncio
import collections.abc
import contextlib
import gc
import sys
import types
import warnings
import weakref

import my_test_module as m
from support import main, pending, raises, raises_later, repetitions, until


def step_through(iterator, value=None):
    """Iterate explicitly over an await: return (the future that it waits for, its result)."""
    waited = []
    while True:
        try:
            waited.append(iterator.send(value))
        except StopIteration as e:
            return waited, e.value


async def test_an_iterator_has_the_methods_of_a_generator():
    future, end = pending(5)
    for make in (iter, lambda f: f.__await__()):
        iterator = make(future)
        assert iter(iterator) is iterator and iterator is not future
        assert isinstance(iterator, collections.abc.Generator) or all(hasattr(iterator, name) for name in ("send", "throw", "close"))
        assert next(iterator) is future and future._asyncio_future_blocking
        future._asyncio_future_blocking = False
        iterator.close()
        assert raises(StopIteration, next, iterator).args == ()
        assert raises(StopIteration, iterator.send, None).value is None
    end()
    assert await future == 5
    assert step_through(iter(future)) == ([], 5)
    assert step_through(future.__await__()) == ([], 5)
    assert step_through(m.value(3).__await__()) == ([], 3)
    assert step_through(iter(m.noop())) == ([], None)
    assert raises(StopIteration, next, iter(m.noop())).args == ()


async def test_an_iterator_that_is_not_awaited_says_so():
    future, end = pending()
    iterator = future.__await__()
    assert iterator.send(None) is future
    assert "await wasn't used with future" in str(raises(RuntimeError, iterator.send, None))
    future._asyncio_future_blocking = False
    end()
    await future
    assert raises(StopIteration, iterator.send, None).value == 0


async def test_throw_ends_an_iterator():
    future, end = pending()
    error = ValueError("zebra")
    for thrown, expected in [((error,), error), ((ValueError,), None)]:
        iterator = iter(future)
        assert next(iterator) is future
        future._asyncio_future_blocking = False
        raised = raises(ValueError, iterator.throw, *thrown)
        assert expected is None or raised is expected
        raises(StopIteration, iterator.send, None)
    with warnings.catch_warnings(record=True) as reports:
        warnings.simplefilter("always")
        assert raises(ValueError, iter(future).throw, ValueError, error, None) is error
        assert str(raises(ValueError, iter(future).throw, ValueError, "text")) == "text"
        raises(TypeError, iter(future).throw, ValueError, error, 32)
        raises(TypeError, iter(future).throw, error, error)
    assert (len(reports) == 4 and reports[0].category is DeprecationWarning) if sys.version_info >= (3, 12) else not reports
    for wrong in [(), (list,), (1,), (1, 2, 3, 4)]:
        raises(TypeError, iter(future).throw, *wrong)
    end()
    await future


async def test_an_old_generator_yields_from_it():
    @types.coroutine
    def old():
        first = yield from m.sleep(0.001, 1)
        second = yield from m.value(2)
        try:
            yield from m.fail_later("late")
        except m_error as e:
            return first, second, str(e)

    m_error = type(await raises_later(Exception, m.fail_later("late")))
    assert await old() == (1, 2, "late")


async def test_an_object_awaits_by_the_iterator():
    class Wrapped:
        def __await__(self):
            return (yield from m.sleep(0.001, 4).__await__())

    class Handed:
        def __await__(self):
            return m.sleep(0.001, 5).__await__()

    assert [await Wrapped(), await Handed()] == [4, 5]


async def test_anext_with_a_default():
    stream = m.count(2)
    assert [await anext(stream, "end") for _ in range(4)] == [0, 1, "end", "end"]
    plain = m.count(1)
    assert await anext(plain) == 0
    await raises_later(StopAsyncIteration, anext(plain))


async def test_a_step_keeps_its_stream_alive():
    """As the awaitable of an async generator does: nothing else refers to the stream here."""
    for _ in range(repetitions(100)):
        assert await anext(m.count(1)) == 0
        assert await anext(m.Counter(4).next_ones(1), "end") == 5
        assert await m.count(2).__anext__() == 0
        assert await m.count(1).aclose() is None
        assert await anext(m.count(0), "end") == "end"
    step = m.count(1).__anext__()
    gc.collect()
    assert await step == 0


async def test_anext_with_a_default_over_an_awaitable_of_any_kind():
    outcomes = [m.sleep(0.001, 1), m.value(2), m.fail_later("late"), m.noop()]

    class Steps:
        def __aiter__(self):
            return self

        def __anext__(self):
            return outcomes.pop(0)

    steps = aiter(Steps())
    assert await anext(steps, "end") == 1
    assert await anext(steps, "end") == 2
    assert str(await raises_later(Exception, anext(steps, "end"))) == "late"
    assert await anext(steps, "end") is None


async def test_anext_with_a_default_is_cancelled():
    class Never:
        def __anext__(self):
            return m.sleep(100)

    async def wait():
        return await anext(Never(), "end")

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel("enough")
    assert isinstance(await raises_later(asyncio.CancelledError, task), asyncio.CancelledError)
    assert isinstance(await raises_later(TimeoutError, asyncio.wait_for(wait(), 0.01)), TimeoutError)

    # A coroutine that is closed, as asyncio.run does at its end.
    coroutine = wait()
    coroutine.send(None)
    coroutine.close()
    raises(RuntimeError, coroutine.send, None)


async def test_anext_with_a_default_again_and_again():
    for i in range(repetitions(1000)):
        stream = m.count(1)
        assert [await anext(stream, -1), await anext(stream, -1)] == [0, -1], i


async def test_aiter_and_aclosing():
    async with contextlib.aclosing(m.count(3)) as stream:
        assert aiter(stream) is stream
        assert await anext(aiter(stream), None) == 0
    assert await anext(stream, "closed") == "closed"


async def test_cycles_through_an_iterator_are_collected():
    async def wait(box):
        await box[0]

    alive = []
    for _ in range(repetitions(1000)):
        box = [m.sleep(0.001)]
        coroutine = wait(box)
        try:
            coroutine.send(None)
        except StopIteration:
            continue  # Done before it was awaited: the machine is busy.
        box.append(coroutine)  # The coroutine's frame → the iterator → the future; the frame → the list → the coroutine.
        box[0].add_done_callback(box.append)
        alive.append(weakref.ref(coroutine))
        del box, coroutine
    await until(lambda: gc.collect() is not None and not any(ref() for ref in alive))


if __name__ == "__main__":
    main()
