"""Other uses of a future than awaiting it: libraries iterate over it, check its type, inspect it, copy it, and drop it."""

import asyncio
import collections.abc
import contextlib
import copy
import functools
import gc
import inspect
import pickle
import sys
import types
import warnings
import weakref
from unittest import mock

import my_test_module as m

from support import main, needs, new_event_loop, raises, raises_later, repetitions, until


def step_through(iterator, value=None):
    """Iterate explicitly over an await: return (the future that it waits for, its result)."""
    waited = []
    while True:
        try:
            waited.append(iterator.send(value))
        except StopIteration as e:
            return waited, e.value


async def test_an_iterator_has_the_methods_of_a_generator():
    future = m.sleep(0.01, 5)
    for make in (iter, lambda f: f.__await__()):
        iterator = make(future)
        assert iter(iterator) is iterator and iterator is not future
        assert isinstance(iterator, collections.abc.Generator) or all(hasattr(iterator, name) for name in ("send", "throw", "close"))
        assert next(iterator) is future and future._asyncio_future_blocking
        future._asyncio_future_blocking = False
        iterator.close()
        assert raises(StopIteration, next, iterator).value is None
        assert raises(StopIteration, iterator.send, None).value is None
    assert await future == 5
    assert step_through(iter(future)) == ([], 5)
    assert step_through(future.__await__()) == ([], 5)
    assert step_through(m.value(3).__await__()) == ([], 3)
    assert step_through(iter(m.noop())) == ([], None)


async def test_an_iterator_that_is_not_awaited_says_so():
    future = m.sleep(0.01)
    iterator = future.__await__()
    assert iterator.send(None) is future
    assert "await wasn't used with future" in str(raises(RuntimeError, iterator.send, None))
    future._asyncio_future_blocking = False
    await future
    assert raises(StopIteration, iterator.send, None).value == 0


async def test_throw_ends_an_iterator():
    future = m.sleep(0.01)
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


async def test_it_is_an_asyncio_future_to_those_who_ask():
    for future in (m.sleep(0.01), m.value(1), m.noop()):
        assert isinstance(future, asyncio.Future) and asyncio.isfuture(future) and inspect.isawaitable(future)
        assert not isinstance(future, asyncio.Task) and not asyncio.iscoroutine(future) and not inspect.iscoroutine(future)
        assert isinstance(future, collections.abc.Awaitable) and not isinstance(future, collections.abc.Coroutine)
        assert future.__class__ is asyncio.Future and type(future).__module__ == "pyasync"
        assert asyncio.ensure_future(future) is future and asyncio.wrap_future(future) is future
        for change in (lambda f: setattr(f, "__class__", int), lambda f: delattr(f, "__class__")):
            raises(TypeError, change, future)
        await future


async def test_singledispatch_and_match_take_it_for_one():
    @functools.singledispatch
    def kind(value):
        return "object"

    kind.register(asyncio.Future, lambda value: "future")
    future = m.sleep(0.001)
    assert kind(future) == "future"
    match future:
        case asyncio.Future():
            pass
        case _:
            raise AssertionError("match does not take it for a future")
    await future


async def test_it_is_inspected_as_one():
    future, reference = m.sleep(0.01), asyncio.get_running_loop().create_future()
    assert dir(future) == dir(reference)
    assert {name for name, _ in inspect.getmembers(future)} == {name for name, _ in inspect.getmembers(reference)}
    assert mock.create_autospec(future).done and mock.Mock(spec=future).done
    for fails in (copy.copy, copy.deepcopy, pickle.dumps, lambda f: f.__reduce_ex__(2)):
        assert type(raises(TypeError, fails, future)) is type(raises(TypeError, fails, reference))
    assert future._callbacks is None and future._result is None and future._exception is None and future._source_traceback is None
    future.add_done_callback(print_nothing)
    future.add_done_callback(print_nothing)
    assert [callback for callback, _ in future._callbacks] == [print_nothing, print_nothing]
    assert future.remove_done_callback(print_nothing) == 2
    await future
    assert future._result == 0 and future._state == "FINISHED"


def print_nothing(future):
    pass


async def test_a_comparison_of_callbacks_that_fails_changes_nothing():
    class Fails:
        def __eq__(self, other):
            raise KeyError("eq")

        def __call__(self, future):
            called.append("fails")

    def last(future):
        called.append("last")

    for future in (m.sleep(0.001), asyncio.get_running_loop().create_future()):
        called = []
        for callback in (called.append, last, Fails(), Fails(), last):
            future.add_done_callback(callback)
        for wanted in (last, Fails()):
            assert str(raises(KeyError, future.remove_done_callback, wanted)) == "'eq'"
        if type(future) is asyncio.Future:
            future.set_result(None)
        await future
        await asyncio.sleep(0)
        assert called == [future, "last", "fails", "fails", "last"]


async def test_a_comparison_of_callbacks_may_end_the_future():
    """The callbacks run then, also those that are compared later."""

    class Ends:
        def __eq__(self, other):
            future.cancel()
            return False

        def __call__(self, future):
            called.append("ends")

    for future in (m.abandon(), asyncio.get_running_loop().create_future()):
        called = []
        for callback in (called.append, Ends(), print_nothing, called.append):
            future.add_done_callback(callback)
        future.remove_done_callback(print_nothing)
        await raises_later(asyncio.CancelledError, future)
        await asyncio.sleep(0)
        assert called == [future, "ends", future]


async def test_a_comparison_of_callbacks_may_change_them():
    class Changes:
        changed = False

        def __eq__(self, other):
            if not self.changed:
                self.changed = True
                future.remove_done_callback(print_nothing)
                future.add_done_callback(last)
            return True

        def __call__(self, future):
            called.append("changes")

        __hash__ = None

    def last(future):
        called.append("last")

    future, called = m.sleep(0.001), []
    for callback in (print_nothing, Changes(), print_nothing, called.append):
        future.add_done_callback(callback)
    assert future.remove_done_callback(object()) == 0
    await future
    await asyncio.sleep(0)
    assert called == [future, "last"]


async def test_private_attributes_are_guarded_as_asyncios():
    for future in (m.sleep(0.01), asyncio.get_running_loop().create_future()):
        assert future._cancel_message is None
        future._cancel_message = "why"
        assert future._cancel_message == "why"
        raises(ValueError, setattr, future, "_log_traceback", True)
        future._log_traceback = False
        assert future._log_traceback is False
        if "pyasync" in repr(type(future)) or sys.version_info >= (3, 13):
            raises(AttributeError, delattr, future, "_cancel_message")
            raises(AttributeError, delattr, future, "_log_traceback")
            assert future._cancel_message == "why"
        future.cancel()


async def test_tornado_takes_it():
    try:
        import tornado.concurrent
        import tornado.gen
    except ImportError:
        needs(False, "tornado is not installed. On Debian type: apt-get install python3-tornado")
    import datetime

    @tornado.gen.coroutine
    def old_style():
        return (yield m.sleep(0.001, 3))

    @tornado.gen.coroutine
    def several():
        return (yield [m.sleep(0.001, 1), m.value(2)])

    assert tornado.concurrent.is_future(m.noop())
    assert await old_style() == 3
    assert await several() == [1, 2]
    await raises_later(tornado.gen.TimeoutError, tornado.gen.with_timeout(datetime.timedelta(seconds=0.01), m.sleep(1)))
    waiting = tornado.gen.WaitIterator(m.sleep(0.001, 1), m.sleep(0.002, 2))
    assert sorted([await waiting.next(), await waiting.next()]) == [1, 2]


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


def unretrieved(make, before_dropping, debug=False):
    """Return the reports to the loop's exception handler after a failed future was dropped, as CPython's own test checks them."""
    reports = []
    loop = new_event_loop()
    loop.set_debug(debug)
    loop.set_exception_handler(lambda loop, context: reports.append((context["message"], str(context["exception"]))))

    async def call():
        return [make()]

    async def nothing():
        pass

    box = loop.run_until_complete(call())
    before_dropping(loop, box[0])
    box.clear()
    loop.run_until_complete(nothing())
    gc.collect()
    seen = list(reports)
    loop.close()
    return seen


def wait_for(loop, future):
    loop.run_until_complete(asyncio.wait([future]))


def poll(loop, future):
    while not future.done():
        loop.run_until_complete(asyncio.sleep(0.001))


def stop_when_done(loop, future):
    if not future.done():
        future.add_done_callback(lambda _: loop.stop())
        loop.run_forever()


WAYS = {
    "function": lambda: m.fail_later("late"),
    "stream": lambda: m.fail_in_stream("late").__anext__(),
    **{way: m.make_failing(way) for way in ("work", "work that fails at its start", "started", "done", "value", "spawned", "blocking")},
}


def test_a_failure_that_nobody_retrieves_is_reported_when_it_is_dropped():
    for way, make in WAYS.items():
        for before in (wait_for, poll, stop_when_done):
            for debug in (False, True):
                for i in range(repetitions(20)):
                    assert unretrieved(make, before, debug) == [("Future exception was never retrieved", "late")], (way, before, debug, i)


def test_a_failure_that_is_retrieved_is_not_reported():
    async def look(future):
        try:
            await future
        except Exception:
            pass

    for way, make in WAYS.items():
        for retrieve in (
            lambda loop, future: (wait_for(loop, future), future.exception()),
            lambda loop, future: loop.run_until_complete(look(future)),
            lambda loop, future: loop.run_until_complete(look(asyncio.gather(future, return_exceptions=True))),
            lambda loop, future: loop.run_until_complete(look(asyncio.shield(future))),
            lambda loop, future: (wait_for(loop, future), setattr(future, "_log_traceback", False)),
        ):
            assert unretrieved(make, retrieve) == [], way


def test_a_failure_of_python_code_is_reported_when_dotnet_has_let_go_of_it():
    """C# has seen the exception: its PythonException keeps it, and its frames, and from Python 3.12 on those of the callers, until .NET collects."""

    async def fail():
        raise ValueError("late")

    async def collect():
        await m.collect()
        gc.collect()

    for debug in (False, True):
        reports, loop = [], new_event_loop()
        loop.set_debug(debug)
        loop.set_exception_handler(lambda loop, context: reports.append(str(context["exception"])))

        async def call():
            return [m.through(fail())]

        box = loop.run_until_complete(call())
        wait_for(loop, box[0])
        box.clear()
        for _ in range(100):
            loop.run_until_complete(collect())
            if reports:
                break
        assert reports == ["late"]
        loop.close()


def test_work_whose_future_was_dropped_before_it_failed_is_reported():
    for way, make in WAYS.items():
        if way != "done":
            reports, loop = [], new_event_loop()
            loop.set_exception_handler(lambda loop, context: reports.append(str(context["exception"])))

            async def drop():
                make()

            loop.run_until_complete(drop())
            loop.run_until_complete(until(lambda: gc.collect() is not None and reports))
            assert reports == ["late"], way
            loop.close()


if __name__ == "__main__":
    main()
