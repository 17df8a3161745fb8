# Compiled when a module is imported, so it is short. The child compiles forked_child.py: `source`, which C# stores here before the first fork,
# together with the types. before_fork and after_fork are C# functions.
import _thread
import gc
import os

types = []
words = []
forking = _thread.allocate_lock()
collects = False
loop = None
callbacks = ()


def before():
    # No garbage collection until the child's types are disarmed: it would run their C# code.
    global collects
    forking.acquire()
    collects = gc.isenabled()
    gc.disable()
    before_fork()


def after():
    global loop, callbacks
    loop, callbacks = None, ()
    if collects:
        gc.enable()
    forking.release()


def after_in_parent():
    after_fork()
    after()


def after_in_child():
    exec(source, globals())
    # The second call does nothing. uvloop's handler of forks is the process's: while a uvloop starts a process in another thread, the child of os.fork() calls this twice.
    if forking.locked():
        after()


# C# makes the call register(**hooks): Ctrl-C may interrupt this code, and the next import of the module repeats it, but never a call from C# to C.
register = os.register_at_fork
hooks = {"before": before, "after_in_parent": after_in_parent, "after_in_child": after_in_child}
