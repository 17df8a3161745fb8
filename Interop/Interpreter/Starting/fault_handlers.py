# Compiled when a module is imported, so it is short. `save`, `restore` and `restore_once` are C# functions, and `was_enabled` is True if faulthandler
# was enabled before .NET started: .NET's handler then calls faulthandler's, which returns if it is disabled, so a real fault would repeat without end.
import _thread
import faulthandler
import os

enable_, disable_, is_enabled_ = faulthandler.enable, faulthandler.disable, faulthandler.is_enabled
process = os.getpid()
lock = _thread.RLock()
off = False
users = 1


def call(function, *args, **kwargs):
    if os.getpid() != process:
        return function(*args, **kwargs)  # A forked child runs no C# code.
    with lock:
        save()
        restore()  # Compiled by the JIT now, because it must run directly after the function: until then faults on other threads end the process.
        save()
        try:
            return function(*args, **kwargs)
        finally:
            restore()


def enable(*args, **kwargs):
    global off
    call(enable_, *args, **kwargs)
    off = False


def disable():
    global off
    if not was_enabled:
        return call(disable_)
    result = is_enabled()
    call(enable_, 2)  # The file that it wrote to may be closed next.
    off = True
    return result


def is_enabled():
    return is_enabled_() and not off


def join(change):
    # Counts the copies of this library. When the last one leaves, as the process ends, faulthandler is disabled permanently: finalisation would
    # replace .NET's handlers by the default, while C# code still runs on other threads.
    global users
    users += change
    if was_enabled and users == 0:
        call(disable_)
        restore_once()
    return was_enabled


def wrappers():
    for wrapper, original in (enable, enable_), (disable, disable_), (is_enabled, is_enabled_):
        wrapper.__doc__, wrapper.__module__ = original.__doc__, "faulthandler"
    return {"enable": enable, "disable": disable, "is_enabled": is_enabled, "_pyasync": join}
