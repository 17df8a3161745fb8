"""Ends a Python program without finalising the interpreter, in CPython's order."""

import atexit
import gc
import io
import sys
import threading
import time

#: The time, in seconds, after which a join looks again whether its thread ends the process.
LOOK = 0.02

join_thread = threading.Thread.join

#: The time.monotonic() after which joins no longer wait.
deadline = float("inf")


def run(time_for_threads):
    """Run what ends a program. time_for_threads: the time, in seconds, after which it continues although threads still run."""
    global deadline
    deadline = time.monotonic() + time_for_threads
    failures = []
    for step in (threading._shutdown, join_all, report_late_threads, atexit._run_exitfuncs, flush_files, flush_standard_streams):
        try:
            step()
        except BaseException as e:
            failures.append(e)  # The other steps follow, as in CPython, which only reports such a failure.
    if failures:
        raise failures[0] if len(failures) == 1 else BaseExceptionGroup("several steps have failed", failures)


def report_late_threads():
    late = [thread.name for thread in threading.enumerate() if is_waited_for(thread)]
    if late and sys.stderr is not None:
        print(f"PyAsync: the process ends without waiting longer for these Python threads: {', '.join(late)}", file=sys.stderr)


def flush_standard_streams():
    try:
        flush(sys.stdout)
    finally:
        flush(sys.stderr)


def flush(stream):
    if stream is not None and not getattr(stream, "closed", False):
        stream.flush()


def leave_out(is_exiting):
    """Let joins of a thread that ends the process return: it never ends. is_exiting: says whether the thread of an identity does."""
    global exits
    exits = is_exiting
    threading.Thread.join = join
    if hasattr(threading, "_thread_shutdown"):
        threading._thread_shutdown = join_all
    else:  # before Python 3.13
        threading._shutdown_locks = NoLocks()


class NoLocks(set):
    """Stays empty: threading._shutdown waits for no lock, because join_all follows."""

    def add(self, lock):
        pass


def join(self, timeout=None):
    """As Thread.join. It looks from time to time, because the thread may begin to end the process meanwhile."""
    end = float("inf") if timeout is None else time.monotonic() + timeout
    while True:
        join_thread(self, max(min(LOOK, end - time.monotonic()), 0))
        if not self.is_alive() or exits(self.ident) or time.monotonic() >= min(end, deadline):
            return


def join_all():
    """Join all threads but daemons, also those that start meanwhile."""
    while True:
        running = [thread for thread in threading.enumerate() if is_waited_for(thread)]
        if not running or time.monotonic() >= deadline:
            return
        for thread in running:
            if thread.ident is None:
                time.sleep(LOOK)  # It is being started.
            else:
                join(thread)


def is_waited_for(thread):
    if thread.daemon or thread is threading.main_thread() or thread.ident == threading.get_ident():
        return False
    return thread.ident is None or not exits(thread.ident)


def flush_files():
    """Flush the files that are still open, as their destructors would do. Text files come first, because they write into the others."""
    files = [o for o in gc.get_objects() if issubclass(type(o), io.IOBase)]
    for file in sorted(files, key=lambda file: not issubclass(type(file), io.TextIOBase)):
        try:
            if not file.closed:
                file.flush()
        except Exception:
            pass  # Ignored, as in a destructor; for instance a pipe without a reader.
