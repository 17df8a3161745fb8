"""Ends a Python program without finalising the interpreter, in CPython's order."""

import atexit
import gc
import io
import sys
import threading


def run(exiting):
    """exiting: the identity of the thread that ends the process, and never ends itself; 0 if it is not Python's."""
    leave_out(exiting)
    threading._shutdown()
    atexit._run_exitfuncs()
    flush_files()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()


def leave_out(ident):
    """Let the wait for threads and executors leave out a thread."""
    for thread in threading.enumerate():
        if thread.ident == ident and thread is not threading.main_thread():
            executors = sys.modules.get("concurrent.futures.thread")
            if executors is not None:
                executors._threads_queues.pop(thread, None)
            if hasattr(thread, "_handle"):
                thread._handle._set_done()
            else:  # before Python 3.13
                threading._shutdown_locks.discard(thread._tstate_lock)


def flush_files():
    """Flush the files that are still open, as their destructors would do. Text files come first, because they write into the others."""
    files = [o for o in gc.get_objects() if issubclass(type(o), io.IOBase)]
    for file in sorted(files, key=lambda file: not issubclass(type(file), io.TextIOBase)):
        try:
            if not file.closed:
                file.flush()
        except Exception:
            pass  # Ignored, as in a destructor; for instance a pipe without a reader.
