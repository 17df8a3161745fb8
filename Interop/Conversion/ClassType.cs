using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Conversion;

/// <summary>
/// Python types whose instances represent C# objects. An instance keeps its object alive; while the instance lives, the object is converted to that same instance.
/// </summary>
/// <remarks>Only their deallocation is C# code: <c>__init__</c>, methods and properties are functions in the type's dictionary.</remarks>
internal static unsafe class ClassType
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;

        /// <summary>The object; empty until <c>__init__</c> has run.</summary>
        internal ManagedField Target;
        internal nint WeakReferences;
    }

    /// <param name="name">Module and name.</param>
    /// <param name="doc">The docstring.</param>
    /// <param name="isSealed">True if Python code may not derive from it.</param>
    /// <param name="isAbstract">True if Python code may not create instances.</param>
    /// <param name="baseType">The Python type of the C# base class; NULL if that has none.</param>
    public static NewReference Create(string name, string? doc, bool isSealed, bool isAbstract, BorrowedReference baseType)
    {
        Layout layout;
        uint flags = (isSealed ? 0 : CPython.Py_TPFLAGS_BASETYPE) | (isAbstract ? CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION : 0);
        HeapType type = new HeapType(name, sizeof(Layout), flags)
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Member("__weaklistoffset__", CPython.T_PYSSIZET, (nint)((byte*)&layout.WeakReferences - (byte*)&layout), readOnly: true);
        return (doc is null ? type : type.Doc(doc)).Create(baseType);
    }

    /// <summary>Binds an instance to an object, as <c>__init__</c> does.</summary>
    public static void Bind(BorrowedReference instance, object target)
    {
        var layout = (Layout*)instance.Pointer;
        Unbind(layout);
        layout->Target.Set(target);
        ClassInstances.Current.Add(target, instance);
    }

    /// <summary>Gets the instance that represents an object: the existing one, or a new one.</summary>
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

    /// <summary>Gets the object of an instance; null if it is not an instance of such a type, or is one of another C# class.</summary>
    /// <exception cref="ClassNotInitializedException">Its <c>__init__</c> has not run.</exception>
    public static T? Target<T>(BorrowedReference instance)
        where T : class
    {
        BorrowedReference type = CPython.Py_TYPE(instance);
        if (!IsOne(type))
        {
            return null;
        }

        ManagedField field = ((Layout*)instance.Pointer)->Target;
        return field.IsEmpty ? throw new ClassNotInitializedException(PyText.TypeName(type)) : field.Target as T;
    }

    /// <summary>True if a type is one of these, or derived from one in Python. The types of another copy of this library have another deallocator.</summary>
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
        if (!layout->Target.IsEmpty)
        {
            object target = layout->Target.Target;
            layout->Target.Clear();
            ClassInstances.Current.Remove(target, (nint)layout);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        // Must be first, so that no code that runs from here on finds the instance by its object.
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
