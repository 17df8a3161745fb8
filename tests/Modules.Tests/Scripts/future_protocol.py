"""Other uses of a future than awaiting it: libraries iterate over it, check its type, inspect it, copy it, and drop it."""

import asyncio
import collections.abc
import copy
import functools
import inspect
import pickle
import sys
from unittest import mock

import my_test_module as m
from support import main, needs, pending, raises, raises_later


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
    (future, end), reference = pending(), asyncio.get_running_loop().create_future()
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
    end()
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

    reference = asyncio.get_running_loop().create_future()
    for future, end in (pending(), (reference, lambda: reference.set_result(None))):
        called = []
        for callback in (called.append, last, Fails(), Fails(), last):
            future.add_done_callback(callback)
        for wanted in (last, Fails()):
            assert str(raises(KeyError, future.remove_done_callback, wanted)) == "'eq'"
        end()
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

    (future, end), called = pending(), []
    for callback in (print_nothing, Changes(), print_nothing, called.append):
        future.add_done_callback(callback)
    assert future.remove_done_callback(object()) == 0
    end()
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


if __name__ == "__main__":
    main()
