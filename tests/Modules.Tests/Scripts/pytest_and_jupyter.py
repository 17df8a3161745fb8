"""Loops of other programs: pytest-asyncio's, and that of a notebook's kernel."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile

from support import LOOP, Skip, main, needs

# The module is not imported here: pytest and the kernel are separate processes.

#: Executes the notebook on stdin to its end, even if cells raise exceptions, and prints it.
EXECUTE = """
import sys, nbclient, nbformat
notebook = nbformat.read(sys.stdin, as_version=4)
nbclient.NotebookClient(notebook, kernel_name="this", timeout=240, allow_errors=True).execute()
nbformat.write(notebook, sys.stdout)
"""


def test_pytest_asyncio():
    needs_packages("pytest_asyncio")
    tests = os.path.join(os.path.dirname(__file__), "under_pytest")
    # pytest warns of exceptions that it cannot raise, because no caller is left.
    errors = ["-W", "error::pytest.PytestUnraisableExceptionWarning", "-W", "error::RuntimeWarning"]
    code, output = python(["-m", "pytest", "-p", "no:cacheprovider", "--rootdir", tests, *errors, tests])
    assert code == 0 and re.search(r"\b10 passed, 1 xfailed\b", output), output


#: The cells of a notebook, and the output of each: the printed text, and its value or its exception.
NOTEBOOK = [
    ("import asyncio, os, signal, sys, my_test_module as m", ""),
    (f"sys.executable == {sys.executable!r}", "True"),
    ("await m.sleep(0.01, 1)", "1"),
    ("sum(await asyncio.gather(*(m.sleep(0.01, i) for i in range(100))))", "4950"),
    # Begun in one cell and awaited in another, for the kernel has one loop.
    ("future = m.sleep(0.01, 3)", ""),
    ("await future, [i async for i in m.count(3)]", "(3, [0, 1, 2])"),
    ("await m.fail_later('late')", "DotNetException: late"),
    ("m.fail('at once')", "ValueError: at once"),
    ("async def count():\n    await m.count_cancel()\ntask = asyncio.create_task(count())", ""),
    ("task.cancel(), await asyncio.wait([task], timeout=30)\ntask.cancelled(), m.cancellations()", "(True, 1)"),
    ("try:\n    await asyncio.wait_for(m.sleep(30), 0.01)\nexcept asyncio.TimeoutError:\n    print('too late')", "too late\n"),
    # The button that interrupts is SIGINT, for which the kernel cancels the cell.
    ("asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGINT)\nawait m.count_cancel()", "CancelledError: "),
    ("m.cancellations(), await m.yield_(1)", "(2, 1)"),
]


def test_jupyter():
    needs_packages("nbclient", "ipykernel")
    needs(LOOP == "asyncio", "Jupyter's kernel runs asyncio's loop")
    cells = [
        {"cell_type": "code", "execution_count": None, "id": str(i), "metadata": {}, "outputs": [], "source": source}
        for i, (source, _) in enumerate(NOTEBOOK)
    ]
    code, output = python(["-c", EXECUTE], json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    assert code == 0, output
    for (source, expected), cell in zip(NOTEBOOK, json.loads(output)["cells"]):
        put_out = "".join(map(text, cell["outputs"]))
        assert put_out == expected, f"{source}\nputs out {put_out!r} and not {expected!r}"


def text(output):
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    return "".join(output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"])


#: A kernel that is this Python: the one that Jupyter finds may be another, or this one by another name.
KERNEL = {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "this", "language": "python"}


def python(arguments, given=""):
    """Run Python with a separate home for Jupyter's files. Returns (exit code, output, with errors if it failed)."""
    with tempfile.TemporaryDirectory() as home:
        kernel = os.path.join(home, "kernels", "this")
        os.makedirs(kernel)
        with open(os.path.join(kernel, "kernel.json"), "w") as file:
            json.dump(KERNEL, file)
        # Their warnings do not concern the tests.
        environment = {**os.environ, "HOME": home, "JUPYTER_PATH": home, "PYTHONWARNINGS": "ignore"}
        done = subprocess.run([sys.executable, *arguments], input=given, capture_output=True, text=True, timeout=400, env=environment)
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def needs_packages(*modules):
    missing = [module.replace("_", "-") for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        debian = sys.executable.startswith("/usr/bin/")
        command = "apt-get install " + " ".join("python3-" + name for name in missing) if debian else f"{sys.executable} -m pip install " + " ".join(missing)
        raise Skip(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed. Type: {command}")


main()
