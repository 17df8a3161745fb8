namespace PyAsync.Interop;

/// <summary>Whether contexts tell by an address whether their variables have been changed: see <see cref="CPython.PyContext_Variables"/>.</summary>
internal static class ContextIdentity
{
    // Without a lock: who has the GIL must wait for nobody who may lose it within the test.
    private static readonly Lazy<bool> s_isSupported = new(Test, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Tried out once, on real contexts: a Python that keeps something else there is not trusted. Needs the GIL.</summary>
    public static bool IsSupported => s_isSupported.Value;

    private static unsafe bool Test()
    {
        using NewReference context = CPython.PyContext_CopyCurrent().OrThrow();
        using NewReference copy = CPython.PyContext_Copy(context.Borrow()).OrThrow();
        nint variables = CPython.PyContext_Variables(context.Borrow());
        if (variables == 0 || CPython.PyContext_Variables(copy.Borrow()) != variables)
        {
            return false;
        }

        using NewReference variable = CPython.PyContextVar_New(CPython.Utf8("pyasync_probe"), default).OrThrow();
        PythonErrors.ThrowIfNegative(CPython.PyContext_Enter(copy.Borrow()));
        using NewReference token = CPython.PyContextVar_Set(variable.Borrow(), PythonInterpreter.Current.None);
        PythonErrors.ThrowIfNegative(CPython.PyContext_Exit(copy.Borrow()));
        return !token.IsNull
            && CPython.PyContext_Variables(copy.Borrow()) != variables
            && CPython.PyContext_Variables(context.Borrow()) == variables;
    }
}
