"""Hardware faults: .NET makes exceptions of them, and faulthandler ends the process with a traceback. Each test is a separate process."""

import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import textwrap

from support import Skip, main, needs, repetitions

#: Meets faults in C# code, which are exceptions, several times.
FAULTS = """
import ctypes, faulthandler, functools, os, sys
write_null = functools.partial(ctypes.memset, 0, 0, 1)
import my_test_module as m
def faults():
    for _ in range(3):
        for call in (lambda: m.trim(None), lambda: m.divide(1, 0)):
            try:
                call()
            except Exception:
                pass
            else:
                raise AssertionError("no exception")
"""

WAYS = (
    "",
    "faulthandler.enable()",
    "faulthandler.enable(); faults(); faulthandler.enable(file=sys.stdout)",
    "faulthandler.disable(); assert not faulthandler.is_enabled()",
    "faulthandler.enable(); faults(); assert faulthandler.is_enabled(); assert faulthandler.disable(); assert not faulthandler.disable()",
    "for _ in range(3): faulthandler.enable(); faults(); faulthandler.disable(); faults()",
    "faulthandler.dump_traceback_later(1000); faults(); faulthandler.cancel_dump_traceback_later()",
    "import signal; faulthandler.register(signal.SIGUSR1, file=sys.stdout); faulthandler.enable(); signal.raise_signal(signal.SIGUSR1)",
)

#: How faulthandler is on before the module is imported.
BEFORE = ([], ["-X", "faulthandler"], ["-X", "dev"])


def combinations(ways):
    """Every way with every start; in a shorter run every way with one of the starts, each in turn."""
    if repetitions(len(BEFORE)) == len(BEFORE):
        return [(before, way) for before in BEFORE for way in ways]
    return [(BEFORE[i % len(BEFORE)], way) for i, way in enumerate(ways)]


def python(*arguments):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_faults_are_exceptions_however_faulthandler_is_used():
    for before, way in combinations(WAYS):
        code, _, errors = python(*before, "-c", f"{FAULTS}\nfaults()\n{way}\nfaults()")
        assert code == 0, (before, way, code, errors)


def test_enabled_before_the_import_by_code():
    code, _, errors = python("-c", f"import faulthandler; faulthandler.enable()\n{FAULTS}\nfaults(); faulthandler.disable(); faults()")
    assert code == 0, errors


def test_a_real_fault_ends_the_process():
    for before, way in combinations(WAYS):
        code, _, errors = python(*before, "-c", f"{FAULTS}\n{way}\nfaults(); write_null()")
        assert code == -signal.SIGSEGV, (before, way, code, errors)


def test_a_real_fault_is_reported_if_faulthandler_was_on_first():
    code, _, errors = python("-X", "faulthandler", "-c", f"{FAULTS}\nfaults(); write_null()")
    assert code == -signal.SIGSEGV and errors.count("Fatal Python error: Segmentation fault") == 1, errors


def test_a_real_fault_while_python_ends_ends_the_process():
    for before, way in combinations(WAYS[:2]):
        code, _, errors = python(*before, "-c", f"""{FAULTS}
{way}
class Late:
    def __del__(self, fault=write_null):
        fault()
late = Late()
m.trim_in_background(1)
""")
        assert code == -signal.SIGSEGV, (before, way, code, errors)


def test_abort_is_reported():
    code, _, errors = python("-c", f"{FAULTS}\nfaulthandler.enable(); faults(); os.abort()")
    assert code == -signal.SIGABRT and errors.count("Fatal Python error: Aborted") == 1, errors


def test_a_forked_child_may_use_it():
    code, _, errors = python("-c", f"""{FAULTS}
child = os.fork()
if not child:
    faulthandler.enable()
    assert faulthandler.is_enabled()
    faulthandler.disable()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
faults()
""")
    assert code == 0, errors


def test_the_functions_are_documented_as_before():
    code, output, errors = python("-c", f"{FAULTS}\nprint(faulthandler.enable.__doc__ is not None, faulthandler.enable.__module__, faulthandler.enable.__name__)")
    assert (code, output) == (0, "True faulthandler enable\n"), errors


#: The test for pytest, which disables faulthandler at its end. Indented, or its tests would count as this script's.
UNDER_PYTEST = textwrap.dedent(
    """
    import atexit, my_test_module as m, pytest
    def test_faults():
        with pytest.raises(Exception):
            m.trim(None)
        m.trim_in_background(0.2)
        @atexit.register
        def at_exit():
            try:
                m.trim(None)
            except Exception:
                pass
    def test_that_fails():
        assert FAILS != "yes"
    """
)


def test_pytest_ends_with_its_own_exit_code():
    if importlib.util.find_spec("pytest") is None:
        raise Skip("pytest is not installed")
    for fails, expected in ("no", 0), ("yes", 1):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "test_faults.py"), "w") as file:
                file.write(f"FAILS = {fails!r}\n{UNDER_PYTEST}")
            for flags in ([], ["-X", "dev"]):
                code, output, errors = python(*flags, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", folder, folder)
                assert code == expected, (code, output, errors)


if __name__ == "__main__":
    needs(sys.platform != "win32", "Windows has no signals for faults")
    main()
