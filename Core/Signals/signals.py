"""Ctrl-C as under asyncio.run: the first interrupts the run, the second ends it and raises KeyboardInterrupt in the program's code."""

import signal
import sys
import threading


def is_programs(frame):
    """Whether it is the program's code that runs, or what that has called of the standard library's.

    In the event loop's own code an exception would break off what nobody takes up again: a callback that is not called, a loop that can neither go
    on nor be closed. The run ends without it. Where there is no frame, as in uvloop before its first callback, it is C that runs.
    """
    while frame is not None:
        package = str(frame.f_globals.get("__name__")).partition(".")[0]
        if package in ("asyncio", "pyasync"):
            return False
        if package not in sys.stdlib_module_names:
            return True
        frame = frame.f_back
    return False


def install(interrupt):
    """Answer SIGINT. Returns what ends that, or None when this is not the main thread.

    interrupt: told of each, with its number in the run; 0 for one that came after the end.
    """
    if threading.current_thread() is not threading.main_thread():
        return None
    count = 0
    is_over = False

    def on_sigint(signum, frame):
        nonlocal count
        if is_over:
            interrupt(0)
            return
        count += 1
        interrupt(count)
        # A third one is meant: what blocks may be C that C# has called.
        if count > 2 or (count == 2 and is_programs(frame)):
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, on_sigint)

    def leave():
        nonlocal is_over
        is_over = True
        # Elsewhere C# has the process do what it did before, all at once. SIG_DFL would end it if a signal came in between.
        if sys.platform == "win32" and signal.getsignal(signal.SIGINT) is on_sigint:
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    return leave
