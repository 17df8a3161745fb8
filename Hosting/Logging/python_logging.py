"""Passes the records of Python's logging to .NET's log."""

import logging
import os
import threading


class DotNetHandler(logging.Handler):
    """Passes records to .NET's log: two functions, which are called with the GIL. After the end of the host they return None, and the handler removes itself."""

    def __init__(self, is_enabled, write):
        super().__init__()
        self.is_enabled = is_enabled
        self._write = write
        self._process = os.getpid()
        self._thread = threading.local()

    def createLock(self):
        self.lock = None  # .NET's log has its own locks, and a thread of .NET must not wait for one of Python's.

    def handle(self, record):
        # The inherited method takes the lock, from 3.13 on without looking whether there is one.
        passed = self.filter(record)
        if passed:
            self.emit(passed if isinstance(passed, logging.LogRecord) else record)
        return passed

    def emit(self, record):
        # A provider of .NET's log that runs Python code, which logs.
        if getattr(self._thread, "is_writing", False):
            return
        if self._process != os.getpid():
            fall_back(record)  # A forked child runs no .NET code.
            return
        self._thread.is_writing = True
        try:
            enabled = self.is_enabled(record.name, record.levelno)
            if enabled is None:
                self.remove()
                fall_back(record)
            elif enabled:
                self._write(
                    record.name, record.levelno, record.getMessage(), str(record.msg), record.pathname, record.lineno, record.funcName or "", type_of(record), details(record)
                )
        except Exception:
            self.handleError(record)
        finally:
            self._thread.is_writing = False

    def remove(self):
        logging.getLogger().removeHandler(self)


def fall_back(record):
    """Does what logging does for a record without a handler."""
    others = [handler for handler in logging.getLogger().handlers if type(handler).__name__ != DotNetHandler.__name__]
    if not others and logging.lastResort is not None and record.levelno >= logging.lastResort.level:
        logging.lastResort.handle(record)


def type_of(record):
    """Returns the type and the message of a record's exception; an empty text if there is none."""
    error = record.exc_info[1] if record.exc_info else None
    return "" if error is None else f"{type(error).__qualname__}: {error}"


def details(record):
    """Returns the traceback, and the stack of stack_info=True."""
    if record.exc_info and not record.exc_text:
        record.exc_text = logging.Formatter().formatException(record.exc_info)
    return "\n".join(text for text in (record.exc_text, record.stack_info) if text)


def install(is_enabled, write, level):
    """Adds a handler to the root logger."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        # Those of hosts that have ended. The class is another one: this text is run once for each host.
        if type(handler).__name__ == DotNetHandler.__name__ and handler.is_enabled("", 0) is None:
            root.removeHandler(handler)
    root.addHandler(DotNetHandler(is_enabled, write))
    set_level(level)


def set_level(level):
    """Sets the level of the root logger, unless the application has set another one."""
    root = logging.getLogger()
    if root.level in (logging.WARNING, getattr(root, "_dotnet_level", logging.WARNING)):
        root.setLevel(level)
        root._dotnet_level = level
