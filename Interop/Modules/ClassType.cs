using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// Python types whose instances stand for C# objects. An instance keeps its object alive; as long as it lives itself, the object comes back
/// to Python as this very instance.
/// </summary>
/// <remarks>All but their end is Python: <c>__init__</c>, methods and properties are functions in the type's dictionary.</remarks>
internal static unsafe class ClassType
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;

        /// <summary>A GCHandle to the object; 0 until <c>__init__</c> has run.</summary>
        internal nint Handle;
        internal nint WeakReferences;
    }

    /// <param name="name">Module and name.</param>
    /// <param name="doc">The docstring.</param>
    /// <param name="isSealed">Whether Python may not derive from it.</param>
    /// <param name="isAbstract">Whether Python may not make instances.</param>
    /// <param name="baseType">The type of the C# class's base, if that is one of these; else NULL.</param>
    public static NewReference Create(string name, string? doc, bool isSealed, bool isAbstract, BorrowedReference baseType)
    {
        Layout layout;
        uint flags = (isSealed ? 0 : CPython.Py_TPFLAGS_BASETYPE) | (isAbstract ? CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION : 0);
        HeapType type = new HeapType(name, sizeof(Layout), flags)
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Member("__weaklistoffset__", CPython.T_PYSSIZET, (nint)((byte*)&layout.WeakReferences - (byte*)&layout), readOnly: true);
        return (doc is null ? type : type.Doc(doc)).Create(baseType);
    }

    /// <summary>Makes an instance stand for an object: what <c>__init__</c> does.</summary>
    public static void Bind(BorrowedReference instance, object target)
    {
        var layout = (Layout*)instance.Pointer;
        Unbind(layout);
        layout->Handle = GCHandle.ToIntPtr(GCHandle.Alloc(target));
        ClassInstances.Current.Add(target, instance);
    }

    /// <summary>The instance that stands for an object: the one that does already, or a new one.</summary>
    public static NewReference InstanceOf(BorrowedReference type, object target)
    {
        NewReference existing = ClassInstances.Current.Find(target);
        if (!existing.IsNull)
        {
            return existing;
        }

        NewReference created = CPython.PyType_GenericAlloc(type, 0).OrThrow();
        Bind(created.Borrow(), target);
        return created;
    }

    /// <summary>The object that an instance stands for; null if it is no instance of such a type, or of another C# class.</summary>
    /// <exception cref="ClassNotInitializedException">Its <c>__init__</c> has not run.</exception>
    public static T? Target<T>(BorrowedReference instance)
        where T : class
    {
        BorrowedReference type = CPython.Py_TYPE(instance);
        if (!IsOne(type))
        {
            return null;
        }

        nint handle = ((Layout*)instance.Pointer)->Handle;
        return handle != 0
            ? GCHandle.FromIntPtr(handle).Target as T
            : throw new ClassNotInitializedException(PyText.TypeName(type));
    }

    /// <summary>Whether a type is one of these, or derived from one in Python. Another copy of this library has an end of its own.</summary>
    private static bool IsOne(BorrowedReference type)
    {
        void* dealloc = (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc;
        while (!type.IsNull)
        {
            if (CPython.PyType_GetSlot(type, CPython.Py_tp_dealloc) == dealloc)
            {
                return true;
            }

            type = new BorrowedReference((nint)CPython.PyType_GetSlot(type, CPython.Py_tp_base));
        }

        return false;
    }

    private static void Unbind(Layout* layout)
    {
        if (layout->Handle != 0)
        {
            var handle = GCHandle.FromIntPtr(layout->Handle);
            layout->Handle = 0;
            ClassInstances.Current.Remove(handle.Target!, (nint)layout);
            handle.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        // First, so that nothing that runs from here on finds the instance by its object.
        var layout = (Layout*)self;
        Unbind(layout);
        if (layout->WeakReferences != 0)
        {
            CPython.PyObject_ClearWeakRefs(self);
        }

        HeapType.Free(self);
    }
}

/// <summary>An instance of a C# class without its C# object; Python sees a <c>RuntimeError</c>.</summary>
internal sealed class ClassNotInitializedException(string type)
    : InvalidOperationException($"{type}.__init__() has not been called: a derived class has to call super().__init__()"), IPythonExceptionName
{
    string IPythonExceptionName.PythonName => "RuntimeError";
}
