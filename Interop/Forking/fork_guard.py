# Compiled when a module is imported, so short. In the child, forked_child.py is: `source`, which C# puts here along with the types.
import _thread
import gc
import os

MESSAGE = (
    "this process was forked from one that runs .NET code, and .NET does not go on in a forked child: "
    "fork before the module that is written in C# is imported, or start a process of its own "
    "(multiprocessing.set_start_method('spawn'), subprocess)"
)

types = []
words = []
forking = _thread.allocate_lock()
collects = False


def before_fork():
    """C# puts its own in the place of this and the next."""


def after_fork():
    pass


def before():
    # No collection from here until the child's types are disarmed: it would run the C# code of those.
    global collects
    forking.acquire()
    collects = gc.isenabled()
    gc.disable()
    before_fork()


def after():
    if collects:
        gc.enable()
    forking.release()


def after_in_parent():
    after_fork()
    after()


def after_in_child():
    exec(source, globals())
    after()


os.register_at_fork(before=before, after_in_parent=after_in_parent, after_in_child=after_in_child)
