"""A signal handler raises its exception in any running Python code, also in code that C# runs. A trace function does the same, at every place in
turn."""

import asyncio
import signal
import sys

import my_test_module as m
from support import LOOP, child, main, needs, new_event_loop


class Interruption:
    """Raises KeyboardInterrupt at the n-th event of the traced Python code."""

    def __init__(self, n, functions=None):
        self.n, self.functions, self.count, self.place = n, functions, 0, None

    def __call__(self, frame, event, argument):
        if self.functions is None or frame.f_code.co_name in self.functions and not is_end_of_plain_task(frame):
            self.count += 1
            if self.count == self.n:
                sys.settrace(None)
                self.place = f"{frame.f_code.co_filename}:{frame.f_lineno} {event}"
                raise KeyboardInterrupt(self.place)
        return self


def is_end_of_plain_task(frame):
    """Return True if asyncio, in the last step of a task that is not eager, schedules the callback which notifies C#.

    asyncio loses the callback if its call_soon is interrupted: the awaiter of such a task in plain Python never continues either.
    """
    while frame is not None and frame.f_code.co_name != "call_soon":
        frame = frame.f_back
    return frame is not None and getattr(frame.f_locals["callback"], "__name__", None) == "pyasync_done"


def lost(interruption):
    """Return True if nothing was reported. Python itself reports an exception that is raised while it frees an object."""
    return interruption.place is not None and interruption.place not in reports


reports = []


def everywhere(run, make):
    """Call run(interruption) with an interruption at every place, which make(n) makes. Returns the number of places."""
    n = 0
    sys.unraisablehook = lambda unraisable: reports.append(str(unraisable.exc_value))
    while True:
        n += 1
        interruption = make(n)
        try:
            run(interruption)
        finally:
            sys.settrace(None)
        if interruption.place is None:
            sys.unraisablehook = sys.__unraisablehook__
            return n - 1
        assert n < 10_000


def test_interrupts_in_a_loops_first_call():
    async def call(interruption):
        sys.settrace(interruption)
        future = m.sleep(30)
        sys.settrace(None)
        future.cancel()

    async def again():
        await asyncio.wait_for(m.sleep(0.001), 10)
        return "on"

    def run(interruption):
        loop = new_event_loop()
        # In debug mode uvloop runs Python code halfway through add_reader, and warns of objects that it left there itself.
        loop.set_debug(loop.get_debug() and LOOP == "asyncio")
        try:
            try:
                loop.run_until_complete(call(interruption))
                assert not lost(interruption), interruption.place
            except KeyboardInterrupt as e:
                assert str(e) == interruption.place
            # Only the first call has failed: the loop runs the next one.
            assert loop.run_until_complete(again()) == "on", interruption.place
        finally:
            loop.close()

    assert everywhere(run, Interruption) > 5


def test_interrupts_in_what_a_drain_looks_at():
    async def number(i):
        return i

    async def call(interruption):
        sys.settrace(interruption)
        assert await m.call_back(number, 3) == 3
        # A postponed exception is raised here at the latest.
        for _ in range(3):
            await asyncio.sleep(0)
        sys.settrace(None)

    def run(interruption):
        loop = new_event_loop()
        loop.set_debug(False)
        try:
            try:
                loop.run_until_complete(call(interruption))
                assert not lost(interruption), interruption.place
            except KeyboardInterrupt as e:
                assert str(e) == interruption.place
            sys.settrace(None)
            loop.run_until_complete(end_others())
            assert loop.run_until_complete(again()) == 3, interruption.place
        finally:
            loop.close()

    async def end_others():
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def again():
        return await asyncio.wait_for(m.call_back(number, 3), 10)

    places = everywhere(run, lambda n: Interruption(n, {"get_debug", "get_task_factory"}))
    needs(places > 0, "this loop's own methods are not Python code")


class CtrlC(Interruption):
    """Sends SIGINT at the n-th event, once."""

    def __call__(self, frame, event, argument):
        self.count += 1
        if self.count == self.n:
            sys.settrace(None)
            self.place = f"{frame.f_code.co_filename}:{frame.f_lineno} {event}"
            signal.raise_signal(signal.SIGINT)
        return self


def test_ctrl_c_at_every_place_of_a_run_that_the_caller_began():
    # A KeyboardInterrupt in the loop's own code would lose the callback that the loop has just taken from its queue.
    ended = []

    async def call(interruption):
        frame = sys._getframe(1)
        while frame is not None:  # The loop's frames, which have begun already.
            if frame.f_globals.get("__name__") == "asyncio.base_events":
                frame.f_trace = interruption
            frame = frame.f_back
        sys.settrace(interruption)
        try:
            await asyncio.sleep(0.001)
        finally:
            ended.append(interruption.n)

    def run(interruption):
        ended.clear()
        try:
            m.await_coro(call(interruption))
            sys.settrace(None)
            assert interruption.place is None, interruption.place
        except KeyboardInterrupt:
            assert interruption.place is not None
        assert ended == [interruption.n], interruption.place
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

    assert everywhere(run, CtrlC) > 20


def test_ctrl_c_at_every_place_of_an_import():
    # It must not be an ImportError, which programs catch to try another module. The next import repeats what was interrupted. Left out: visit(), which C
    # calls (ctypes ignores its exceptions), and the generators _installed() and _places(), whose destructors do.
    code, output, errors = child(
        "import asyncio, signal, sys\n"
        "def trace(frame, event, argument):\n"
        "    file = frame.f_code.co_filename\n"
        "    place = file, frame.f_lineno, event\n"
        "    is_ours = 'my_test_module' in file or file.startswith('<pyasync')\n"
        "    if is_ours and place not in places and frame.f_code.co_name not in ('visit', '_installed', '_places'):\n"
        "        places.add(place)\n"
        "        sys.settrace(None)\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "    return trace\n"
        "places, interrupted = set(), 0\n"
        "while True:\n"
        "    try:\n"
        "        sys.settrace(trace)\n"
        "        import my_test_module as m\n"
        "        sys.settrace(None)\n"
        "        break\n"
        "    except KeyboardInterrupt:\n"
        "        interrupted += 1\n"
        "async def main():\n"
        "    return await m.sleep(0.001, 3)\n"
        "print(interrupted > 20, interrupted == len(places), asyncio.run(main()))\n"
    )
    assert (code, output, errors) == (0, "True True 3\n", ""), (code, output, errors)


def test_a_handler_of_the_programs_own_stays_during_a_run_that_the_caller_began():
    async def call():
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0.001)
        return 3

    seen = []
    before = signal.signal(signal.SIGINT, lambda *_: seen.append(1))
    try:
        assert m.await_coro(call()) == 3 and seen == [1]
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_handler_that_a_run_sets_stays():
    async def call():
        signal.signal(signal.SIGINT, handler)

    def handler(*_):
        pass

    before = signal.getsignal(signal.SIGINT)
    try:
        m.await_coro(call())
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_that_the_main_work_suppresses_is_the_callers():
    async def call():
        try:
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return 3

    try:
        m.await_coro(call())
        assert False, "no KeyboardInterrupt"
    except KeyboardInterrupt:
        pass


main()
