using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>A module beside another one: the functions are those of the native module of Modules.Tests.</summary>
[PyModule("second_module")]
public static class Functions
{
    /// <summary>Fails with an exception that has no counterpart in Python.</summary>
    [PyFunction]
    public static async Task Fail()
    {
        await Task.Yield();
        throw new InvalidOperationException("second_module failed");
    }

    /// <summary>Awaits an awaitable of the other module or of Python.</summary>
    [PyFunction]
    public static async Task<PyObject> Through(IRuntime runtime, PyObject awaitable) => await runtime.IntoFuture(awaitable);

    /// <summary>Returns the version of .NET that runs the module.</summary>
    [PyFunction]
    public static string DotnetVersion() => Environment.Version.ToString();
}
