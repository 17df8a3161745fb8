"""Forked children, for the scripts that test them."""

import asyncio
import os
import sys
import warnings

from support import LOOP

MESSAGE = "this process was forked from one that runs .NET code"

# Python's own warnings about forks in processes with threads (3.12 and newer) are expected.
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)


def refused(call):
    try:
        call()
    except RuntimeError as e:
        return str(e).startswith(MESSAGE)
    return False


def forked(body):
    """Run body in a forked child that then ends: as any Python does, or at once, as multiprocessing does. Returns its exit code."""
    in_uvloop = LOOP == "uvloop" and asyncio._get_running_loop() is not None
    pid = os.fork()
    if pid == 0:
        try:
            body()
        except SystemExit:
            raise
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(99)
        if in_uvloop:
            # With uvloop's, the child would close the parent's loop, and take the parent's descriptors out of the epoll that both share.
            os._exit(7)
        sys.exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def assert_child_ends_well(body):
    code = forked(body)
    assert code == 7, f"The child ended with {code}."
