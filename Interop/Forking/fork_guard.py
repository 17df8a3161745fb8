# Compiled when a module is imported, so short. In the child, forked_child.py is: `source`, which C# puts here along with the types.
import _thread
import gc
import os

types = []
forking = _thread.allocate_lock()
collects = False


def before():
    # No collection from here until the child's types are disarmed: it would run the C# code of those.
    global collects
    forking.acquire()
    collects = gc.isenabled()
    gc.disable()


def after():
    if collects:
        gc.enable()
    forking.release()


def after_in_child():
    exec(source, globals())
    after()


os.register_at_fork(before=before, after_in_parent=after, after_in_child=after_in_child)
