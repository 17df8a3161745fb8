using System.Runtime.InteropServices;

namespace PyAsync.Objects;

/// <summary>
/// Declares a Python type whose slots are C# methods. The tables that CPython keeps pointers to are allocated once per interpreter and live as long as it.
/// The type registers itself in <see cref="ManagedTypes"/>, with the names of the attributes that run C# code.
/// </summary>
/// <param name="name">Module and name, such as <c>pyasync.Future</c>.</param>
/// <param name="size">The size of an instance in bytes, head included.</param>
/// <param name="flags">Further <c>Py_TPFLAGS_…</c>.</param>
internal sealed unsafe class HeapType(string name, int size, uint flags)
{
    private readonly List<CPython.PyType_Slot> _slots = [];
    private readonly List<CPython.PyMethodDef> _methods = [];
    private readonly List<CPython.PyMemberDef> _members = [];
    private readonly List<CPython.PyGetSetDef> _properties = [];
    private readonly List<string> _managedMethods = (flags & CPython.Py_TPFLAGS_HAVE_VECTORCALL) != 0 ? ["__call__"] : [];
    private readonly List<string> _managedProperties = [];

    /// <param name="slot">A <c>Py_tp_…</c>, <c>Py_am_…</c> or <c>Py_bf_…</c> number.</param>
    /// <param name="function">A C# method marked UnmanagedCallersOnly.</param>
    public HeapType Slot(int slot, void* function)
    {
        if (SpecialMethod(slot) is { } name)
        {
            _managedMethods.Add(name);
        }

        return Add(slot, function);
    }

    public HeapType Slot(int slot, string exportedFunction) => Add(slot, (void*)CPython.AddressOf(exportedFunction));

    public HeapType Doc(string text) => Add(CPython.Py_tp_doc, CPython.Utf8(text));

    /// <param name="methodName">The method's name.</param>
    /// <param name="function">A C# method marked UnmanagedCallersOnly.</param>
    /// <param name="callFlags">Its <c>METH_…</c> flags.</param>
    /// <param name="doc">Its docstring.</param>
    public HeapType Method(string methodName, void* function, int callFlags, string doc)
    {
        if (!_managedMethods.Contains(methodName))
        {
            _managedMethods.Add(methodName);
        }

        _methods.Add(new CPython.PyMethodDef
        {
            ml_name = CPython.Utf8(methodName), ml_meth = function, ml_flags = callFlags, ml_doc = CPython.Utf8(doc),
        });
        return this;
    }

    public HeapType Member(string memberName, int type, nint offset, bool readOnly)
    {
        _members.Add(new CPython.PyMemberDef
        {
            name = CPython.Utf8(memberName), type = type, offset = offset, flags = readOnly ? CPython.READONLY : 0,
        });
        return this;
    }

    /// <param name="propertyName">The property's name.</param>
    /// <param name="get">A C# method marked UnmanagedCallersOnly.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="set">As <paramref name="get"/>; null if it is read-only.</param>
    public HeapType Property(string propertyName, void* get, string? doc = null, void* set = null)
    {
        _managedProperties.Add(propertyName);
        return Add(propertyName, get, set, doc);
    }

    /// <summary>Adds a property whose functions are CPython's.</summary>
    public HeapType Property(string propertyName, string exportedGet, string exportedSet) =>
        Add(propertyName, (void*)CPython.AddressOf(exportedGet), (void*)CPython.AddressOf(exportedSet), doc: null);

    private HeapType Add(int slot, void* function)
    {
        _slots.Add(new CPython.PyType_Slot { slot = slot, pfunc = function });
        return this;
    }

    private HeapType Add(string propertyName, void* get, void* set, string? doc)
    {
        _properties.Add(new CPython.PyGetSetDef
        {
            name = CPython.Utf8(propertyName), get = get, set = set, doc = doc is null ? null : CPython.Utf8(doc),
        });
        return this;
    }

    /// <param name="baseType">Its base type; NULL for <c>object</c>.</param>
    /// <exception cref="PythonException">CPython refused the declaration.</exception>
    public NewReference Create(BorrowedReference baseType = default)
    {
        if (_methods.Count > 0)
        {
            Add(CPython.Py_tp_methods, Table(_methods));
        }

        if (_members.Count > 0)
        {
            Add(CPython.Py_tp_members, Table(_members));
        }

        if (_properties.Count > 0)
        {
            Add(CPython.Py_tp_getset, Table(_properties));
        }

        var spec = new CPython.PyType_Spec
        {
            name = CPython.Utf8(name), basicsize = size, flags = CPython.Py_TPFLAGS_DEFAULT | flags, slots = Table(_slots),
        };
        NewReference created = CPython.PyType_FromSpecWithBases(&spec, baseType).OrThrow();
        ManagedTypes.Current.Add(created.Borrow(), [.. _managedMethods], [.. _managedProperties]);
        return created;
    }

    /// <summary>Gets the attribute by which Python code calls a slot; null if it calls the slot by no attribute that code uses.</summary>
    private static string? SpecialMethod(int slot) => slot switch
    {
        CPython.Py_tp_iter => "__iter__",
        CPython.Py_tp_iternext => "__next__",
        CPython.Py_am_await => "__await__",
        CPython.Py_bf_getbuffer => "__buffer__",
        _ => null,
    };

    /// <summary>Ends every dealloc slot: frees the memory, then the instance's reference to its type.</summary>
    public static void Free(nint self)
    {
        var type = new NewReference(((CPython.PyObjectHead*)self)->ob_type);
        if (CPython.PyType_HasFeature(type.Borrow(), CPython.Py_TPFLAGS_HAVE_GC))
        {
            CPython.PyObject_GC_Del(self);
        }
        else
        {
            CPython.PyObject_Free(self);
        }

        type.Dispose();
    }

    /// <summary>Allocates a C array that ends with a zeroed entry, as CPython's tables do.</summary>
    private static T* Table<T>(List<T> entries)
        where T : unmanaged
    {
        // SAFETY: one entry more than copied, zeroed by the allocation; never freed, because the type keeps a pointer to it.
        var table = (T*)NativeMemory.AllocZeroed((nuint)(entries.Count + 1), (nuint)sizeof(T));
        CollectionsMarshal.AsSpan(entries).CopyTo(new Span<T>(table, entries.Count));
        return table;
    }
}
