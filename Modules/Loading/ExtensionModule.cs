using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.Modules.Loading;

/// <summary>
/// A Python extension module whose <c>PyInit_…</c> is a C# method. It is initialised in two phases (PEP 489): the first joins the interpreter and
/// returns the definition to CPython, the second fills the module object that CPython has created.
/// </summary>
/// <remarks>
/// It supports the main interpreter only: the bridge keeps one set of types and one inbox for each loop, all of the one interpreter that it joined. A
/// sub-interpreter gets an ImportError.
/// </remarks>
internal sealed unsafe class ExtensionModule
{
    private static readonly ConcurrentDictionary<string, ExtensionModule> s_byName = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<nint, ExtensionModule> s_byDefinition = new();

    private readonly string _name;
    private readonly Action<PyObject> _execute;
    private readonly CPython.PyModuleDef* _definition;

    private ExtensionModule(string name, string? doc, Action<PyObject> execute)
    {
        _name = name;
        _execute = execute;

        // SAFETY: three zeroed entries, of which at most two are filled. Nothing here is ever freed, as in a C module.
        var slots = (CPython.PyModuleDef_Slot*)NativeMemory.AllocZeroed(3, (nuint)sizeof(CPython.PyModuleDef_Slot));
        slots[0] = new CPython.PyModuleDef_Slot { slot = CPython.Py_mod_exec, value = (delegate* unmanaged[Cdecl]<nint, int>)&Execute };
        if (CPython.Minor >= 12)
        {
            slots[1] = new CPython.PyModuleDef_Slot { slot = CPython.Py_mod_multiple_interpreters, value = null };
        }

        _definition = (CPython.PyModuleDef*)NativeMemory.AllocZeroed(1, (nuint)sizeof(CPython.PyModuleDef));
        _definition->ob_base.ob_refcnt = 1;
        _definition->m_name = CPython.Utf8(name);
        _definition->m_doc = doc is null ? null : CPython.Utf8(doc);
        _definition->m_slots = slots;
    }

    /// <summary>Runs the body of <c>PyInit_…</c>.</summary>
    /// <param name="name">The module's full name.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="execute">Fills a new module object; its exception becomes the cause of an ImportError.</param>
    /// <returns>The definition, or 0 with the Python error set.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "No exception may cross into C: each becomes Python's.")]
    public static nint Initialize(string name, string? doc, Action<PyObject> execute)
    {
        try
        {
            if (!LibraryLoader.TryFindInProcess(out nint program))
            {
                return 0; // There is no Python to report to: the caller is other code.
            }

            if (!CPython.IsBound)
            {
                CPython.Bind(program);
            }

            if (ImportFailure.IsSubInterpreter)
            {
                ImportFailure.Set(
                    $"The module {name}, which is written in C#, cannot be imported in a sub-interpreter: import it in the main one.");
                return 0;
            }

            PythonInterpreter.JoinForModule(program);
            ForkGuard.Install();
            ExtensionModule module = s_byName.GetOrAdd(name, _ => new ExtensionModule(name, doc, execute));
            s_byDefinition[(nint)module._definition] = module;
            return CPython.PyModuleDef_Init(module._definition).Pointer;
        }
        catch (Exception e)
        {
            ImportFailure.Set($"The module {name}, which is written in C#, cannot start: {e.Message}", e);
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "No exception may cross into C: each becomes Python's.")]
    private static int Execute(nint moduleObject)
    {
        var reference = new BorrowedReference(moduleObject);
        ExtensionModule module = s_byDefinition[(nint)CPython.PyModule_GetDef(reference)];
        EntryFromPython entry = EntryFromPython.Begin();
        try
        {
            using PyObject owned = PyObject.FromBorrowed(reference);
            module._execute(owned);
            return 0;
        }
        catch (Exception e)
        {
            ImportFailure.Set($"The module {module._name}, which is written in C#, failed to initialise: {e.Message}", e);
            return -1;
        }
        finally
        {
            entry.End();
        }
    }
}
