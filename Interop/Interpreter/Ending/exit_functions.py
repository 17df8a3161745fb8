"""Ends a Python program without finalising the interpreter, in CPython's order."""

import atexit
import gc
import io
import sys
import threading


def run():
    threading._shutdown()
    atexit._run_exitfuncs()
    flush_files()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()


def flush_files():
    """Flush the files that are still open, as their destructors would do. Text files come first, because they write into the others."""
    files = [o for o in gc.get_objects() if issubclass(type(o), io.IOBase)]
    for file in sorted(files, key=lambda file: not issubclass(type(file), io.TextIOBase)):
        try:
            if not file.closed:
                file.flush()
        except Exception:
            pass  # Ignored, as in a destructor; for instance a pipe without a reader.
