"""Two modules written in C# in one Python: hardware faults are exceptions in both, whenever faulthandler is enabled. Each test runs in a separate process."""

import importlib.util
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import textwrap

from support import Skip, main, needs, repetitions

#: Imports the module under test, and a copy of its native form, which brings a second .NET runtime.
MODULES = """
import faulthandler, importlib.machinery, importlib.util, os, sys

def first():
    import my_test_module
    return my_test_module

def second():
    path = os.environ["PYASYNC_TEST_SECOND_MODULE"]
    loader = importlib.machinery.ExtensionFileLoader("my_test_module", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_file_location("my_test_module", path, loader=loader))
    loader.exec_module(module)
    return module

def faults(*modules):
    for _ in range(3):
        for module in modules:
            for call in (lambda: module.trim(None), lambda: module.divide(1, 0)):
                try:
                    call()
                except Exception:
                    pass
                else:
                    raise AssertionError("no exception")
"""

ORDERS = (("first", "second"), ("second", "first"))

#: The statements before, between and after the imports.
ENABLE, BOTH = "faulthandler.enable()", "faulthandler.enable(); faulthandler.disable()"
WAYS = (
    ("", "", ""),
    (ENABLE, "", ""),
    ("", ENABLE, ""),
    ("", "", ENABLE),
    (ENABLE, "faulthandler.disable()", ""),
    (ENABLE, "", "faulthandler.disable()"),
    ("", ENABLE, "faulthandler.disable()"),
    (BOTH, BOTH, BOTH),
)

#: How faulthandler is on before both imports.
STARTS = ([], ["-X", "faulthandler"])


def python(*arguments):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=240)
    return done.returncode, done.stdout, done.stderr


def program(order, way):
    one, other = order
    before, between, after = way
    return f"{MODULES}\n{before}\na = {one}(); faults(a)\n{between}\nfaults(a); b = {other}(); faults(a, b)\n{after}\nassert a is not b; faults(b, a)\n"


def combinations():
    """Every way with both orders and both starts; in a run with a hundredth of the repetitions with one of the starts, each in turn."""
    if repetitions(100) > 1:
        return itertools.product(STARTS, ORDERS, WAYS)
    return [(STARTS[(i + j) % len(STARTS)], order, way) for i, way in enumerate(WAYS) for j, order in enumerate(ORDERS)]


def test_faults_are_exceptions_in_both():
    for flags, order, way in combinations():
        code, _, errors = python(*flags, "-c", program(order, way))
        assert code == 0, (flags, order, way, code, errors)


def test_a_real_fault_ends_the_process():
    for order, way in itertools.product(ORDERS, WAYS[:4]):
        code, _, errors = python("-c", program(order, way) + "import ctypes; ctypes.string_at(0)")
        assert code == -signal.SIGSEGV, (order, way, code, errors)


#: The test for pytest. It enables faulthandler at its start, and disables it at its end.
UNDER_PYTEST = textwrap.dedent(
    """
    import atexit, pytest
    a, b = ORDER
    def test_faults():
        faults(a, b)
        atexit.register(faults, b, a)
    def test_that_fails():
        assert FAILS != "yes"
    """
)


def test_pytest_ends_with_its_own_exit_code():
    if importlib.util.find_spec("pytest") is None:
        raise Skip("pytest is not installed")
    for order, (fails, expected) in itertools.product(ORDERS, (("no", 0), ("yes", 1))):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "test_two.py"), "w") as file:
                file.write(f"{MODULES}\nFAILS = {fails!r}\nORDER = {order[0]}(), {order[1]}()\n{UNDER_PYTEST}")
            code, output, errors = python("-m", "pytest", "-p", "no:cacheprovider", "--rootdir", folder, folder)
            assert code == expected, (order, code, output, errors)


if __name__ == "__main__":
    needs(sys.platform != "win32", "Windows has no signals for faults")
    main()
