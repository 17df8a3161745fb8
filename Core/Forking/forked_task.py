"""Lets a task end in a child process that it has forked: Python 3.14 and newer.

There a task checks at the end of each step that its loop runs and that it is the current task. asyncio's hook clears the running loop in a forked
child, so the step fails with RuntimeError instead of the exception that ended it, SystemExit included; the child then never stops running its
parent's loop.

Run before a fork, once asyncio is imported: hooks run in the order of their registration, and the one in the child has to follow asyncio's.
"""

import os
import sys
from asyncio import events, tasks


class Running:
    """The loop and the task of the thread that forks."""

    loop = task = None
    is_known_to_multiprocessing = False

    def remember(self):
        self.loop = events._get_running_loop()
        self.task = None if self.loop is None else tasks.current_task(self.loop)
        multiprocessing = sys.modules.get("multiprocessing.util")
        if not self.is_known_to_multiprocessing and hasattr(multiprocessing, "register_after_fork"):
            self.is_known_to_multiprocessing = True
            multiprocessing.register_after_fork(self, Running.leave)

    def forget(self):
        self.loop = self.task = None

    def enter(self):
        if self.task is not None:
            events._set_running_loop(self.loop)
            if tasks.current_task(self.loop) is None:
                tasks._enter_task(self.loop, self.task)

    def leave(self):
        # A child of multiprocessing ends by os._exit(), so its task never ends, and its code may call asyncio.run().
        if self.task is not None:
            tasks._leave_task(self.loop, self.task)
            events._set_running_loop(None)
            self.forget()


running = Running()
os.register_at_fork(before=running.remember, after_in_parent=running.forget, after_in_child=running.enter)
running.remember()
