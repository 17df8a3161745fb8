"""Ctrl-C as under asyncio.run: the first interrupts the run, another one raises KeyboardInterrupt."""

import signal
import threading


def install(interrupt):
    """Answer SIGINT. Returns what undoes it, or None when this is not the main thread."""
    if threading.current_thread() is not threading.main_thread():
        return None
    count = 0

    def on_sigint(signum, frame):
        nonlocal count
        count += 1
        interrupt(count)
        if count > 1:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, on_sigint)

    def restore():
        if signal.getsignal(signal.SIGINT) is on_sigint:
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    return restore
