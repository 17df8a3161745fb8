"""Lets a forked child end although .NET runs in its parent.

A thread that has run .NET code has a .NET destructor, which C's `exit` calls: it notifies the runtime that the thread ends, and may wait for
other threads. In a forked child those threads are missing, so the wait would never end. So the child removes .NET's entries from the list
that glibc keeps of a thread's destructors (stdlib/cxa_thread_atexit_impl.c: function, object, link map of its library, next). The beginning of
the list is not exported; it is found by adding a destructor that does nothing, and by searching the thread's memory for a word that points to it.
"""
import _thread
import ctypes
import os

_RUNTIME = "libcoreclr.so"
_PT_TLS = 7
_LINK_MAP, _NEXT = 2, 3  # the words of an entry

_process = ctypes.CDLL(None)


class _Segment(ctypes.Structure):  # ElfW(Phdr); the two forms have the flags in different places
    _fields_ = (
        [(name, ctypes.c_uint32) for name in ("type", "flags")] + [(name, ctypes.c_uint64) for name in ("offset", "vaddr", "paddr", "filesz", "memsz", "align")]
        if ctypes.sizeof(ctypes.c_void_p) == 8
        else [(name, ctypes.c_uint32) for name in ("type", "offset", "vaddr", "paddr", "filesz", "memsz", "flags", "align")]
    )


class _Library(ctypes.Structure):  # struct dl_phdr_info
    _fields_ = [
        ("address", ctypes.c_size_t), ("name", ctypes.c_char_p), ("segments", ctypes.c_void_p), ("count", ctypes.c_uint16),
        ("adds", ctypes.c_ulonglong), ("subs", ctypes.c_ulonglong), ("tls_module", ctypes.c_size_t), ("tls_data", ctypes.c_void_p),
    ]


_Visitor = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Library), ctypes.c_size_t, ctypes.c_void_p)


def _word(address, index=0):
    return ctypes.c_size_t.from_address(address + index * ctypes.sizeof(ctypes.c_size_t))


def _own_memory(library):
    """Return the addresses of the words of a library's thread-local variables on the calling thread."""
    words = []

    def visit(info, size, data):
        found = info.contents
        if os.path.basename(os.fsdecode(found.name or b"")) == library and found.tls_data:
            for segment in (_Segment * found.count).from_address(found.segments):
                if segment.type == _PT_TLS:
                    words.extend(range(found.tls_data, found.tls_data + segment.memsz, ctypes.sizeof(ctypes.c_size_t)))
        return 0

    _process.dl_iterate_phdr(_Visitor(visit), None)
    return words


def _find_list():
    """Return the offset of a thread's list of destructors from the address that identifies the thread; None if there is no such list."""
    try:
        add = _process["__cxa_thread_atexit_impl"]
        libc = ctypes.CDLL("libc.so.6", mode=os.RTLD_NOLOAD | os.RTLD_NOW)
    except (AttributeError, OSError):
        return None  # Not glibc: then no destructors are called by exit.
    add.argtypes = (ctypes.c_void_p,) * 3
    words = _own_memory("libc.so.6")
    before = [_word(address).value for address in words]
    mark = ctypes.create_string_buffer(1)
    nothing = ctypes.cast(libc.getpid, ctypes.c_void_p)
    add(nothing, mark, nothing)
    for address, old in zip(words, before):
        entry = _word(address).value
        # Other words that have changed are pointers too, or small numbers.
        if entry != old and entry > 1 << 16 and _word(entry, 1).value == ctypes.addressof(mark) and _word(entry, _NEXT).value == old:
            return address - _thread.get_ident()
    return None


def _forget(begin, library):
    """Remove the destructors of a library from the calling thread's list."""
    link = _word(_thread.get_ident() + begin)
    while link.value:
        entry = link.value
        if _word(entry, _LINK_MAP).value == library:
            link.value = _word(entry, _NEXT).value
        else:
            link = _word(entry, _NEXT)


def install():
    """Install the removal. Called once .NET runs; repeated calls are harmless."""
    try:
        runtime = ctypes.CDLL(_RUNTIME, mode=os.RTLD_NOLOAD | os.RTLD_NOW)._handle  # glibc's handle of a library is its link map
    except OSError:
        return
    begin = _find_list()
    if begin is not None:
        os.register_at_fork(after_in_child=lambda: _forget(begin, runtime))
