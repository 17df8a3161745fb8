"""Finds .NET, starts it, and gets functions out of assemblies.

A process has one .NET runtime: the first module starts it, the next ones use it. The functions named hostfxr_* are those of .NET's native
hosting interface (docs/design/features/native-hosting.md in the repository dotnet/runtime).
"""
import contextlib
import ctypes
import json
import os
import platform
import shutil
import signal
import sys

_WINDOWS = sys.platform == "win32"
_HOSTFXR = "hostfxr.dll" if _WINDOWS else "libhostfxr.dylib" if sys.platform == "darwin" else "libhostfxr.so"
_ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64", "x86": "x86", "i686": "x86", "armv7l": "arm"}
_LOAD_ASSEMBLY_AND_GET_FUNCTION_POINTER = 5  # of hostfxr_delegate_type
_UNMANAGED_CALLERS_ONLY = ctypes.c_void_p(-1)  # in the place of a delegate type's name
_BUFFER_TOO_SMALL, _FRAMEWORK_MISSING = 0x80008098, 0x80008096

# hostfxr takes UTF-16 on Windows, the file system's bytes elsewhere.
_text = ctypes.c_wchar_p if _WINDOWS else ctypes.c_char_p
_encode, _decode = (os.fspath, os.fspath) if _WINDOWS else (os.fsencode, os.fsdecode)
_ErrorWriter = ctypes.CFUNCTYPE(None, _text)
_LoadFunction = ctypes.CFUNCTYPE(ctypes.c_uint32, _text, _text, _text, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


#: The open context, and the file of its settings. Until it is closed or .NET runs, hostfxr opens no other one but waits. hostfxr writes it here, where the
#: next import finds it if Ctrl-C has interrupted one.
_context = ctypes.c_void_p()
_context_config = ""


def function(name, folder, assembly, type_name, method):
    """Return the address of a static [UnmanagedCallersOnly] method of an assembly in `folder`, for the module `name`."""
    host = _start(name, os.path.join(folder, assembly + ".runtimeconfig.json"))
    path = os.path.join(folder, assembly + ".dll")
    try:
        load, address = ctypes.c_void_p(), ctypes.c_void_p()
        with _signals_kept():  # This call starts the runtime, if none runs.
            code = host.library.hostfxr_get_runtime_delegate(_context, _LOAD_ASSEMBLY_AND_GET_FUNCTION_POINTER, ctypes.byref(load))
        if code == 0:
            code = _LoadFunction(load.value)(
                _encode(path), _encode(f"{type_name}, {assembly}"), _encode(method), _UNMANAGED_CALLERS_ONLY, None, ctypes.byref(address))
    finally:
        host.close()
    if code != 0:
        raise ImportError(f"{name}: .NET could not load {type_name}.{method} from {path} (error 0x{code:08x})", name=name, path=path)
    return address.value


def _start(name, config):
    """Return the host of a .NET in a version that `config` accepts. Its context is open."""
    with open(config, encoding="utf-8") as text:
        options = json.load(text)["runtimeOptions"]
    frameworks = [(framework["name"], framework["version"]) for framework in options.get("frameworks") or [options["framework"]]]
    looked = []
    running = _Host.running()
    for host in [running] if running else _installed(looked):
        code, errors = host.initialize(config)
        if code <= 2:  # 1: it is running; 2: it is running with other settings, which stay.
            return host
        looked.append(f"{host.root}: {host.unfit(code, errors, frameworks)}")
    raise ImportError(_missing(name, frameworks, running, looked), name=name, path=config)


@contextlib.contextmanager
def _signals_kept():
    """Keep the handlers of the signals that end a process. The runtime replaces them, and passes signals on through a pipe, which a forked
    child shares, so that a signal that ends the child would end this process instead."""
    actions = {}
    if not _WINDOWS:
        sigaction = ctypes.CDLL(None).sigaction
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
            actions[number] = ctypes.create_string_buffer(512)  # Larger than struct sigaction on any system.
            sigaction(number, None, actions[number])
    try:
        yield
    finally:
        for number, action in actions.items():
            sigaction(number, action, None)


class _Host:
    """The library hostfxr of one installation."""

    def __init__(self, library, root):
        self.library, self.root = library, root
        for declared in ("initialize_for_runtime_config", "get_runtime_delegate", "get_runtime_properties"):
            getattr(library, "hostfxr_" + declared).restype = ctypes.c_uint32
        library.hostfxr_initialize_for_runtime_config.argtypes = (_text, ctypes.c_void_p, ctypes.c_void_p)
        library.hostfxr_get_runtime_delegate.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        library.hostfxr_close.argtypes = (ctypes.c_void_p,)

    @classmethod
    def running(cls):
        """Return the host of the .NET that runs in this process, started by any code; None if none runs."""
        try:
            if _WINDOWS:
                get_handle = ctypes.windll.kernel32.GetModuleHandleW
                get_handle.restype = ctypes.c_void_p
                handle = get_handle(_HOSTFXR)
                host = handle and cls(ctypes.CDLL(_HOSTFXR, handle=handle), "this process")
            else:
                host = cls(ctypes.CDLL(_HOSTFXR, mode=os.RTLD_NOLOAD | os.RTLD_NOW), "this process")
        except OSError:
            return None
        # A loaded host may not have started a runtime: then it has no properties.
        count = ctypes.c_size_t(0)
        code, _ = host.call("get_runtime_properties", None, ctypes.byref(count), None, None) if host else (None, None)
        return host if code in (0, _BUFFER_TOO_SMALL) else None

    def initialize(self, config):
        """Open a context, or use the one that an interrupted import has left open."""
        global _context_config
        if _context.value:
            if _context_config == config:
                return 0, []
            self.close()
        _context_config = config
        return self.call("initialize_for_runtime_config", _encode(config), None, ctypes.byref(_context))

    def close(self):
        context = ctypes.c_void_p(_context.value)
        _context.value = None
        self.library.hostfxr_close(context)

    def call(self, name, *arguments):
        """Return the result of a function, and its output for stderr."""
        errors = []
        writer = _ErrorWriter(errors.append)  # Not Python code, in which Ctrl-C would be lost: ctypes ignores exceptions there.
        try:
            self.library.hostfxr_set_error_writer(writer)
            code = getattr(self.library, "hostfxr_" + name)(*arguments)
        finally:
            self.library.hostfxr_set_error_writer(None)
        return code, [_decode(line).strip() for line in errors]

    def unfit(self, code, errors, frameworks):
        if code != _FRAMEWORK_MISSING or not os.path.isdir(self.root):
            return " ".join(errors) or f"error 0x{code:08x}"
        return "has " + ", ".join(
            f"{framework} {' and '.join(_versions(self.root, 'shared', framework)) or 'in no version'}" for framework, _ in frameworks)


def _installed(looked):
    """Yield the newest host of each installation; `looked` gets the places that have none."""
    seen = set()
    for root, why in _places():
        root = os.path.realpath(root)
        if root in seen:
            continue
        seen.add(root)
        error = "has no host/fxr" if os.path.isdir(root) else "does not exist"
        for version in reversed(_versions(root, "host", "fxr")):
            try:
                yield _Host(ctypes.CDLL(os.path.join(root, "host", "fxr", version, _HOSTFXR)), root)
                break
            except OSError as e:  # Probably of another architecture.
                error = str(e)
        else:
            looked.append(f"{root} ({why}): {error}")


def _places():
    """Yield the possible places of .NET: those that the user names, that PATH and the system name, and the usual ones."""
    architecture = _ARCHITECTURES.get(platform.machine().lower(), platform.machine().lower())
    for variable in (f"DOTNET_ROOT_{architecture.upper()}", "DOTNET_ROOT"):
        if os.environ.get(variable):
            yield os.environ[variable], variable

    command = shutil.which("dotnet")
    if command:
        yield os.path.dirname(os.path.realpath(command)), "dotnet on PATH"

    for file in () if _WINDOWS else (f"/etc/dotnet/install_location_{architecture}", "/etc/dotnet/install_location"):
        try:
            with open(file, encoding="utf-8") as lines:
                yield lines.readline().strip(), file
        except OSError:
            pass

    if _WINDOWS:
        usual = [os.path.join(os.environ.get("ProgramFiles", r"C:\Program Files"), "dotnet")]
    elif sys.platform == "darwin":
        usual = ["/usr/local/share/dotnet", "/opt/homebrew/opt/dotnet/libexec", "/usr/local/opt/dotnet/libexec"]
    else:
        usual = ["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/lib64/dotnet"]
    for folder in (*usual, os.path.join(os.path.expanduser("~"), ".dotnet")):
        yield folder, "usual place"


def _versions(*folder):
    """Return the versions in a folder, oldest first: 9.0.1, 10.0.0-rc.1, 10.0.0."""
    def key(text):
        numbers, _, preview = text.partition("-")
        return [int(part) if part.isdigit() else 0 for part in numbers.split(".")], not preview, preview

    path = os.path.join(*folder)
    return sorted(os.listdir(path), key=key) if os.path.isdir(path) else []


def _missing(name, frameworks, running, looked):
    needed = " and ".join(f"{framework} {version}" for framework, version in frameworks)
    lines = [f"{name} is written in C# and needs .NET: {needed} or newer, for {platform.machine()}."]
    if running:
        lines.append("Another .NET runs in this process, and a process can have only one: import the module that needs the newest first.")
    else:
        framework, version = next((entry for entry in frameworks if "AspNetCore" in entry[0]), frameworks[0])
        release = ".".join(version.split(".")[:2])
        lines.append(f"To install it: {_install_command('AspNetCore' in framework, release)}. Or see https://dotnet.microsoft.com/download/dotnet/{release}.")
        lines.append("If it is installed, name its folder in DOTNET_ROOT. Looked in:")
    return "\n  ".join(["\n".join(lines), *looked])


def _install_command(is_web, release):
    if _WINDOWS:
        return f"winget install Microsoft.DotNet.{'AspNetCore' if is_web else 'Runtime'}.{release.split('.')[0]}"
    if sys.platform == "darwin":
        return "brew install dotnet"
    package = f"{'aspnetcore' if is_web else 'dotnet'}-runtime-{release}"
    if shutil.which("apk"):  # Alpine writes dotnet10-runtime.
        return f"apk add {package.split('-')[0]}{release.split('.')[0]}-runtime"
    manager = next((command for command in ("apt-get", "dnf", "zypper") if shutil.which(command)), None)
    return f"{manager} install {package}" if manager else f"the package {package}"
