"""Measures a module written in C# as plain Python code sees it.

bench.py NATIVE HOSTED FILE [--quick]: the folders that the two forms of the module are in, and the file to write.
bench.py --awaits FOLDER LOOP ROUNDS: one process's measuring of the awaits; prints it as JSON.
"""

import asyncio
import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import sysconfig
import time

MODULE = "bench_module"
now = time.perf_counter_ns

NOOP, ECHO, DONE = "await noop()", "await echo(1)", "make a done asyncio.Future and await it"
CALL, MAKE = "noop() alone", "make a done asyncio.Future, without the await"
NOTHING, BUILTIN = "nothing(), a synchronous function", "a Python function that does nothing"
GATHER, EXECUTOR = "gather of 1,000 C# calls that go to the thread pool", "gather of 1,000 run_in_executor"



# --- awaits: in a separate process for each form and loop --------------------------------------------------------------------------------


def measure_awaits(folder, loop, rounds):
    sys.path.insert(0, folder)
    import bench_module as module

    def nothing():
        return None

    async def noop(n):
        function = module.noop
        for _ in range(n):
            await function()

    async def echo(n):
        function = module.echo
        for _ in range(n):
            await function(1)

    async def call(n):
        function = module.noop
        for _ in range(n):
            function()

    async def done(n):
        create = asyncio.get_running_loop().create_future
        for _ in range(n):
            future = create()
            future.set_result(None)
            await future

    async def make(n):
        create = asyncio.get_running_loop().create_future
        for _ in range(n):
            create().set_result(None)

    async def synchronous(n):
        function = module.nothing
        for _ in range(n):
            function()

    async def builtin(n):
        function = nothing
        for _ in range(n):
            function()

    async def gather(n):
        function = module.later
        for _ in range(n // 1000):
            await asyncio.gather(*[function(1) for _ in range(1000)])

    async def executor(n):
        run = asyncio.get_running_loop().run_in_executor
        for _ in range(n // 1000):
            await asyncio.gather(*[run(None, nothing) for _ in range(1000)])

    contenders = [
        (NOOP, noop, 20_000), (DONE, done, 20_000), (ECHO, echo, 20_000), (CALL, call, 20_000), (MAKE, make, 20_000),
        (NOTHING, synchronous, 20_000), (BUILTIN, builtin, 20_000), (GATHER, gather, 5_000), (EXECUTOR, executor, 3_000),
    ]

    async def main():
        figures = {name: [] for name, _, _ in contenders}
        # Until .NET's first collection, each object takes memory that was never touched before, at a fifth of a call's time.
        await gather(100_000)
        # The first round warms the caches, and the JIT compiler of the hosted form.
        for i in range(rounds + 1):
            for name, function, n in contenders:
                gc.collect()
                start = now()
                await function(n)
                if i > 0:
                    figures[name].append((now() - start) / n / 1000)
        return figures

    if loop == "uvloop":
        import uvloop

        runner = uvloop.new_event_loop()
    else:
        runner = asyncio.new_event_loop()
    try:
        return runner.run_until_complete(main())
    finally:
        runner.run_until_complete(runner.shutdown_default_executor())
        runner.close()


def awaits(folder, loop, rounds):
    output = subprocess.run(
        [sys.executable, __file__, "--awaits", folder, loop, str(rounds)], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return json.loads(output)


# --- imports: in a separate process for each ---------------------------------------------------------------------------------------------


def import_once(folder, name):
    code = f"import sys, time; sys.path.insert(0, {folder!r}); t = time.perf_counter(); import {name}; print((time.perf_counter() - t) * 1000)"
    return float(subprocess.run([sys.executable, "-I", "-c", code], check=True, stdout=subprocess.PIPE, text=True).stdout)


def trivial_extension():
    """Find a small extension module of the standard library that is a separate file."""
    folder = sysconfig.get_path("platstdlib") + "/lib-dynload"
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    found = [name for name in ("_opcode", "_heapq", "_bisect", "_queue") if os.path.exists(f"{folder}/{name}{suffix}")]
    return found[0] if found else None


# --- the report --------------------------------------------------------------------------------------------------------------------------


def figure(values):
    return {"Median": statistics.median(values), "Min": min(values), "Max": max(values)}


class Report:
    def __init__(self, quick):
        self.quick = quick
        self.results = {"Loop": "modules", "Pinned": False, "Python": platform.python_version(), "LoopVersion": "", "Tables": [], "Bounds": [], "Points": []}

    def table(self, title, unit, rows):
        print(f"{title} [{unit}]")
        for name, values in rows:
            print(f"  {name:<60} {statistics.median(values):10.3f} [{min(values):.3f}–{max(values):.3f}]")
        self.results["Tables"].append({"Title": title, "Unit": unit, "Rows": [{"Name": name, "Figure": figure(values)} for name, values in rows]})

    def bound(self, text, subject, value, limit):
        print(f"  {'holds ' if value <= limit else 'MISSED'} {text} [{subject}]: {value:.3f}, at most {limit}")
        self.results["Bounds"].append({"Bound": text, "Subject": subject, "Value": value, "Limit": limit})

    def best(self, values):
        """Return the minimum in a quick run, which has few rounds, as the other parts do."""
        return min(values) if self.quick else statistics.median(values)


def has_uvloop():
    return subprocess.run([sys.executable, "-c", "import uvloop"], stderr=subprocess.DEVNULL).returncode == 0


def main(native, hosted, file, quick):
    report = Report(quick)
    rounds = 5 if quick else 25
    for loop in ["asyncio", "uvloop"] if has_uvloop() else ["asyncio"]:
        for form, folder in ("native", native), ("hosted", hosted):
            figures = awaits(folder, loop, rounds)
            subject = f"{form}, {loop}"
            report.table(f"Python calls a C# module: {subject}", "µs per item", list(figures.items()))
            if form == "native":
                best = {name: report.best(values) for name, values in figures.items()}
                report.bound("await noop(), over making and awaiting a done asyncio.Future", subject, best[NOOP] / best[DONE], 1)
                report.bound("gather of 1,000 C# calls that go to the thread pool, over run_in_executor", subject, best[GATHER] / best[EXECUTOR], 0.1)

    # A time, not a ratio, so it depends on the machine: only for the full run.
    trivial = None if quick else trivial_extension()
    if trivial:
        names = [("a C extension of the standard library", native, trivial), ("the native module", native, MODULE), ("the hosted module", hosted, MODULE)]
        times = {title: [] for title, _, _ in names}
        for i in range(41):
            for title, folder, name in names:
                took = import_once(folder, name)
                if i > 0:
                    times[title].append(took)
        report.table("import", "ms", list(times.items()))
        report.bound(
            "import, ms over that of a C extension", "native", report.best(times["the native module"]) - report.best(times["a C extension of the standard library"]), 3
        )

    size = os.path.getsize(f"{native}/{MODULE}.abi3.so") / 1_000_000
    report.table("size", "MB", [("the native module", [size])])
    report.bound("size of a module, MB", "native", size, 4)
    with open(file, "w", encoding="utf-8") as output:
        json.dump(report.results, output, indent=1, ensure_ascii=False)


if sys.argv[1] == "--awaits":
    print(json.dumps(measure_awaits(sys.argv[2], sys.argv[3], int(sys.argv[4]))))
else:
    arguments = [argument for argument in sys.argv[1:] if argument != "--quick"]
    main(*arguments, quick="--quick" in sys.argv)
