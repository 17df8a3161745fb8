"""The end of a Python program without the end of the interpreter, in CPython's order."""

import atexit
import sys
import threading


def run():
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()
