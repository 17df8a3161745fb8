"""A Python program that uses pythonnet, as after `import clr` in a plain python3. This script does the work of the package clr_loader itself.

Arguments: the folder of the .NET runtime, and that of the tests.
"""

import asyncio
import ctypes
import glob
import os
import sys

dotnet, binaries = sys.argv[1:]


def check(result):
    if result not in (0, 1, 2):
        raise RuntimeError(hex(result & 0xFFFFFFFF))


def load_pythonnet():
    hostfxr = ctypes.CDLL(max(glob.glob(os.path.join(dotnet, "host", "fxr", "*", "libhostfxr.*"))))
    handle, get, function = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
    config = os.path.join(binaries, "Interop.PythonNet.Tests.runtimeconfig.json")
    check(hostfxr.hostfxr_initialize_for_runtime_config(config.encode(), None, ctypes.byref(handle)))
    load_assembly_and_get_function_pointer = 5
    check(hostfxr.hostfxr_get_runtime_delegate(handle, load_assembly_and_get_function_pointer, ctypes.byref(get)))
    text, pointer = ctypes.c_char_p, ctypes.c_void_p
    load = ctypes.CFUNCTYPE(ctypes.c_int, text, text, text, pointer, pointer, ctypes.POINTER(ctypes.c_void_p))(get.value)
    library = os.path.join(binaries, "Python.Runtime.dll")
    check(load(library.encode(), b"Python.Runtime.Loader, Python.Runtime", b"Initialize", None, None, ctypes.byref(function)))
    check(ctypes.PYFUNCTYPE(ctypes.c_int, pointer, ctypes.c_int)(function.value)(b"", 0))


load_pythonnet()
import clr

sys.path.append(binaries)
clr.AddReference("PyAsync.PythonNet")
clr.AddReference("Interop.PythonNet.Tests")
from PyAsync import PyAsyncCodecs
from PyAsync.Tests import Service

PyAsyncCodecs.Register()


async def work():
    await asyncio.sleep(0.001)
    return 20


async def main():
    service = Service()
    print(await service.Later(21), await service.Double(work()), [i async for i in service.Count(3)])
    print(sum(await asyncio.gather(*(service.Later(i) for i in range(100)))))


asyncio.run(main())
asyncio.run(main())
