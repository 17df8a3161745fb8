"""CPython's own tests of futures (Lib/test/test_asyncio/test_futures.py), over what a C# function gives to await.

Only C# completes such a future, and here does so when an asyncio.Future that it awaits is completed: `set_result` and `set_exception` complete
that one, and have the loop run until the other has followed. Cancelled it is at once (CancelBehavior.Abandon).
"""

import asyncio
import io
import sys
import unittest
import warnings
import weakref

import my_test_module

from support import Skip, main

NOT_MADE_BY_PYTHON = "a C# call makes it, and Python code cannot"
THE_RUNNING_LOOP = "it takes the loop that runs and no other; without one it raises 'no running event loop'"
NOT_THAT_LOOP = "its loop cannot run, and the future is made in a call on a loop that runs"
NO_TRACEBACK = "it does not record where it was made: that is in C#"

#: The tests that do not apply, with the reasons.
EXCEPTIONS = {
    "test_constructor_positional": NOT_MADE_BY_PYTHON,
    "test_uninitialized": NOT_MADE_BY_PYTHON,
    "test_constructor_without_loop": THE_RUNNING_LOOP,
    "test_constructor_use_global_loop": THE_RUNNING_LOOP,
    "test_future_disallow_multiple_initialization": NOT_MADE_BY_PYTHON,
    "test_evil_call_soon_list_mutation": NOT_THAT_LOOP,
    "test_use_after_free_on_fut_callback_0_with_evil__getattribute__": NOT_THAT_LOOP,
    "test_use_after_free_on_fut_context_0_with_evil__getattribute__": NOT_THAT_LOOP,
    "test_future_source_traceback": NO_TRACEBACK,
    "test_future_repr": NO_TRACEBACK,
}

sources = weakref.WeakKeyDictionary()


async def done():
    return my_test_module.noop()


Future = type(asyncio.run(done()))


def through():
    """A C# future, and the asyncio future that completes it."""
    source = asyncio.get_running_loop().create_future()
    future = my_test_module.through(source)
    sources[future] = source
    return future


def follow(future, complete, value):
    if future.done():
        raise asyncio.InvalidStateError("it is done already")
    complete(value)
    loop = future.get_loop()
    while not future.done():
        loop.run_until_complete(asyncio.sleep(0.001))


def run_cases(name):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from test.test_asyncio import test_futures, utils
    except ImportError as e:
        raise Skip(f"CPython's tests are not installed ({e}). On Debian type: apt-get install libpython3.{sys.version_info.minor}-testsuite") from None

    class Cases(getattr(test_futures, name), utils.TestCase):
        cls = Future

        def new_test_loop(self, gen=None):
            loop = asyncio.new_event_loop()  # A real asyncio loop: its log is checked.
            self.set_event_loop(loop)
            return loop

        def _new_future(self, *, loop=None):
            async def call():
                return through()

            return through() if asyncio._get_running_loop() else (loop or self.loop).run_until_complete(call())

    for test in EXCEPTIONS:
        setattr(Cases, test, None)
    Future.set_result = lambda self, value: follow(self, sources[self].set_result, value)
    Future.set_exception = lambda self, error: follow(self, sources[self].set_exception, error)
    output = io.StringIO()
    result = unittest.TextTestRunner(output, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Cases))
    assert result.wasSuccessful(), output.getvalue()
    assert result.testsRun >= 10, output.getvalue()


def test_futures():
    run_cases("BaseFutureTests")


def test_done_callbacks():
    run_cases("BaseFutureDoneCallbackTests")


if __name__ == "__main__":
    main()
