using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Functions;

/// <summary>
/// The attributes of <c>pyasync.Function</c> by which <c>inspect</c>, asyncio and frameworks recognise coroutine functions and async generator
/// functions. They are computed on request, so they do not slow down calls.
/// </summary>
/// <remarks>
/// <c>inspect</c> treats an object as a function if it is callable and has <c>__name__</c>, <c>__code__</c> and <c>__defaults__</c> (as Cython's
/// functions do), and then reads the flags of the code. This is the only way to be a coroutine function before Python 3.12, within
/// <c>functools.partial</c> too, and to be an async generator function at all. Plain functions have no code: they are inspected as functions written in
/// C.
/// </remarks>
internal static unsafe class FunctionMarks
{
    private const string CodeName = "__code__";
    private const string DefaultsName = "__defaults__";
    private const string KeywordDefaultsName = "__kwdefaults__";

    public static HeapType AddTo(HeapType type) => type
        .Property(CodeName, (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetCode)
        .Property(DefaultsName, (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetDefaults)
        .Property(KeywordDefaultsName, (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetKeywordDefaults)
        .Property("_is_coroutine_marker", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetInspectMark, set: (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&SetMark)
        .Property("_is_coroutine", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetAsyncioMark, set: (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&SetMark);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetCode(nint self, nint closure) => PartOfCode((FunctionLayout*)self, 0, CodeName);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetDefaults(nint self, nint closure) => PartOfCode((FunctionLayout*)self, 1, DefaultsName);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetKeywordDefaults(nint self, nint closure) => PartOfCode((FunctionLayout*)self, 2, KeywordDefaultsName);

    /// <summary>Gets the mark of <c>inspect.markcoroutinefunction</c> (3.12 and newer; the first patch releases of 3.12 have another name for it).</summary>
    /// <remarks>Read from <c>inspect</c> on request, because importing <c>inspect</c> is slow.</remarks>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetInspectMark(nint self, nint closure) => CoroutineMark(self, "inspect", "_is_coroutine_mark", "_is_coroutine_marker");

    /// <summary>Gets the mark that <c>asyncio.iscoroutinefunction</c> reads.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetAsyncioMark(nint self, nint closure) => CoroutineMark(self, "asyncio.coroutines", "_is_coroutine");

    /// <summary>Marks the function, as <c>inspect.markcoroutinefunction</c> does.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SetMark(nint self, nint value, nint closure)
    {
        var function = (FunctionLayout*)self;
        function->Kind = value != 0 ? FunctionKind.Coroutine : FunctionKind.Plain;
        function->Code.Clear();
        return 0;
    }

    private static nint CoroutineMark(nint self, string module, params ReadOnlySpan<string> marks)
    {
        WellKnownNames names = WellKnownNames.Current;
        bool isMarked = ((FunctionLayout*)self)->Kind == FunctionKind.Coroutine;
        using NewReference found = isMarked ? CPython.PyImport_GetModule(names[module].Reference) : default;
        NewReference value = default;
        for (int i = 0; i < marks.Length && value.IsNull && !found.IsNull; i++)
        {
            value = found.Borrow().GetAttr(names[marks[i]]);
            PythonErrors.Forget();
        }

        if (value.IsNull)
        {
            PythonErrors.Set("AttributeError", marks[0]);
        }

        return value.Take();
    }

    private static nint PartOfCode(FunctionLayout* function, nint index, string name)
    {
        if (function->Kind == FunctionKind.Plain)
        {
            PythonErrors.Set("AttributeError", name);
            return 0;
        }

        try
        {
            if (function->Code.IsNull)
            {
                function->Code.Set(InterpreterState.Current.Attachment<CodeMaker>().Make(function));
            }

            return CPython.PySequence_GetItem(function->Code.Borrow(), index).Take();
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
            return 0;
        }
    }

    /// <summary>The Python code that compiles a function's signature.</summary>
    private sealed class CodeMaker
    {
        private OwnedReference _make;

        public CodeMaker()
        {
            using NewReference module = PySource.Run(PySource.Embedded(typeof(CodeMaker).Assembly, "function_code.py"), "pyasync.function_code");
            _make.Set(module.Borrow().GetAttr(WellKnownNames.Current["make"]).OrThrow());
        }

        public NewReference Make(FunctionLayout* function)
        {
            BorrowedReference isGenerator = function->Kind == FunctionKind.AsyncGenerator ? InterpreterState.Current.True : InterpreterState.Current.None;
            return _make.Borrow().Call(new BorrowedReference((nint)function), isGenerator).OrThrow();
        }
    }
}
