using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>The same functions in two modules, which are shipped in different forms.</summary>
[PyModule(Name.Value)]
public static class Functions
{
    /// <summary>Fails as no exception of Python's own would.</summary>
    [PyFunction]
    public static async Task Fail()
    {
        await Task.Yield();
        throw new InvalidOperationException(Name.Value + " failed");
    }

    /// <summary>Awaits what the other module or Python made.</summary>
    /// <param name="runtime">Filled in.</param>
    /// <param name="awaitable">What to await.</param>
    [PyFunction]
    public static async Task<PyObject> Through(IRuntime runtime, PyObject awaitable) => await runtime.IntoFuture(awaitable);

    /// <summary>The version of .NET that runs this.</summary>
    [PyFunction]
    public static string DotnetVersion() => Environment.Version.ToString();
}
