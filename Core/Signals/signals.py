"""Handle Ctrl-C as under asyncio.run: the first interrupts the run, the second ends it and raises KeyboardInterrupt in the program's code."""

import signal
import sys
import threading


def is_programs(frame):
    """Return True if the program's code runs, or code of the standard library that it has called.

    In the event loop's own code an exception would interrupt an operation that is never resumed: a callback would not be called, or the loop could
    neither continue nor be closed. The run ends without the exception. If there is no frame, as in uvloop before its first callback, C code runs.
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
    """Handle SIGINT. Returns a function that ends the handling, or None if this is not the main thread.

    interrupt: called for each signal, with its number in the run, 0 for one that came after the end, and True if the handler then raises KeyboardInterrupt.
    """
    if threading.current_thread() is not threading.main_thread():
        return None
    on_sigint, leave = new_handler(interrupt)
    signal.signal(signal.SIGINT, on_sigint)
    return leave


def install_for_caller(interrupt):
    """Handle SIGINT for a run that Python code has called for. Returns None also if the program handles it in its own way."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return None
    on_sigint, leave = new_handler(interrupt)
    try:
        signal.signal(signal.SIGINT, on_sigint)
    except ValueError:  # Not the main thread of the main interpreter.
        return None

    def restore():
        # As asyncio.Runner, which leaves a handler alone that the program has set meanwhile.
        if signal.getsignal(signal.SIGINT) is on_sigint:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    return restore


def new_handler(interrupt):
    """Return a signal handler, and a function to call when the run is over."""
    count = 0
    is_over = False

    def on_sigint(signum, frame):
        nonlocal count
        if is_over:
            interrupt(0, False)
            return
        count += 1
        # The third one raises in any code: the blocking code may be C that C# has called.
        raises = count > 2 or (count == 2 and is_programs(frame))
        interrupt(count, raises)
        if raises:
            raise KeyboardInterrupt

    def leave():
        nonlocal is_over
        is_over = True
        # On other systems C# restores the previous handling in one step. SIG_DFL would end the process if a signal came in between.
        if sys.platform == "win32" and signal.getsignal(signal.SIGINT) is on_sigint:
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    return on_sigint, leave
