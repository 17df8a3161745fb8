"""Passes the records of Python's logging to .NET's log."""

import logging
import os
import threading
import traceback


#: The attributes that every record has, or that formatters add: all others are those of extra=.
STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class DotNetHandler(logging.Handler):
    """Passes records to .NET's log: two functions, which are called with the GIL. After the end of the host they return None, and the handler removes itself."""

    def __init__(self, is_enabled, write):
        super().__init__()
        self._is_enabled = is_enabled
        self._write = write
        self._process = os.getpid()
        self._thread = threading.local()

    def createLock(self):
        self.lock = None  # .NET's log has its own locks, and a .NET thread must not wait for a Python lock.

    def handle(self, record):
        # The inherited method takes the lock, from 3.13 on without looking whether there is one.
        passed = self.filter(record)
        if passed:
            self.emit(passed if isinstance(passed, logging.LogRecord) else record)
        return passed

    def emit(self, record):
        try:
            level = max(0, min(record.levelno, logging.CRITICAL))
            # A forked child runs no .NET code.
            enabled = self._call(self._is_enabled, record.name, level) if self._process == os.getpid() else None
            if enabled:
                # The texts come before the call: code that makes them may log.
                texts = record.getMessage(), str(record.msg), record.pathname, record.lineno, record.funcName or "", type_of(record), details(record)
                enabled = self._call(self._write, record.name, level, *texts, extra_of(record))
            if enabled is None:
                self.remove()
                fall_back(record)
        except Exception:
            self.handleError(record)

    def _call(self, function, *arguments):
        """Calls .NET, unless it is a provider of .NET's log that runs Python code, which logs."""
        if getattr(self._thread, "is_in_dotnet", False):
            return False
        self._thread.is_in_dotnet = True
        try:
            return function(*arguments)
        finally:
            self._thread.is_in_dotnet = False

    def has_ended(self):
        return self._process != os.getpid() or self._is_enabled("", 0) is None

    def remove(self):
        root = logging.getLogger()
        with logging._lock:
            # A new list: logging iterates over the old one, and would leave out the next handler.
            root.handlers = [handler for handler in root.handlers if handler is not self]
            if root.level == getattr(root, "_dotnet_level", None) and not any(map(is_bridge, root.handlers)):
                root.setLevel(logging.WARNING)


def fall_back(record):
    """Does what logging does for a record without a handler."""
    if not logging.getLogger().handlers and logging.lastResort is not None and record.levelno >= logging.lastResort.level:
        logging.lastResort.handle(record)


def is_bridge(handler):
    """Says whether a handler is one of these. The class of another host's is another one: this text is run once for each host."""
    return type(handler).__name__ == DotNetHandler.__name__


def type_of(record):
    """Returns the type and the message of a record's exception; an empty text if there is none."""
    error = record.exc_info[1] if record.exc_info else None
    return "" if error is None else "".join(traceback.format_exception_only(type(error), error)).strip()


def details(record):
    """Returns the traceback, and the stack of stack_info=True."""
    if record.exc_info and not record.exc_text:
        record.exc_text = logging.Formatter().formatException(record.exc_info)
    return "\n".join(text for text in (record.exc_text, record.stack_info) if text)


def extra_of(record):
    """Returns the attributes that the code has added with extra=."""
    return {str(name): plain(value) for name, value in vars(record).items() if name not in STANDARD}


def plain(value):
    """Returns a value that is of the same kind in .NET; the text of any other."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    try:
        return str(value)
    except Exception:
        return object.__repr__(value)


def install(is_enabled, write, level):
    """Adds a handler to the root logger."""
    root = logging.getLogger()
    for handler in filter(is_bridge, root.handlers[:]):
        if handler.has_ended():
            handler.remove()
    with logging._lock:  # The end of another host resets the level if there is no such handler.
        root.addHandler(DotNetHandler(is_enabled, write))
        set_level(level)


def set_level(level):
    """Sets the level of the root logger, unless the application has set another one."""
    root = logging.getLogger()
    if root.level in (logging.WARNING, getattr(root, "_dotnet_level", logging.WARNING)):
        root.setLevel(level)
        root._dotnet_level = level
