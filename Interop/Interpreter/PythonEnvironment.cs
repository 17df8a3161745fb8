namespace PyAsync.Interop;

/// <summary>
/// Copies environment variables between .NET and Python. Each has its own copy (<see cref="Environment"/>, <c>os.environ</c>): Python sees variables
/// that .NET code sets before Python starts; neither side sees variables that the other one sets later.
/// </summary>
/// <remarks>
/// May be called from any thread once Python runs; takes the GIL. As with <c>os.environ</c> itself, copying to Python changes the process's
/// environment (<c>setenv</c>), which is not safe while native code on another thread reads it.
/// </remarks>
public static class PythonEnvironment
{
    /// <summary>Copies variables from .NET to <c>os.environ</c>.</summary>
    /// <param name="names">The variables; one that .NET does not have is removed. Without names, all variables of .NET are copied, and none is removed.</param>
    /// <exception cref="InvalidOperationException">Python has not been started.</exception>
    public static void CopyToPython(params ReadOnlySpan<string> names)
    {
        using AttachScope scope = PythonThread.Attach();
        using PyObject environment = Variables();
        if (names.IsEmpty)
        {
            names = Environment.GetEnvironmentVariables().Keys.Cast<string>().ToArray();
        }

        foreach (string name in names)
        {
            string? value = Environment.GetEnvironmentVariable(name);
            if (value == Get(environment, name))
            {
                continue;
            }

            if (value is null)
            {
                environment.CallMethod("pop", [name]).Dispose();
            }
            else
            {
                environment.CallMethod("__setitem__", [name, value]).Dispose();
            }
        }
    }

    /// <summary>Copies variables from <c>os.environ</c> to .NET.</summary>
    /// <param name="names">The variables; one that Python does not have is removed. Without names, all variables of Python are copied, and none is removed.</param>
    /// <exception cref="InvalidOperationException">Python has not been started.</exception>
    public static void CopyFromPython(params ReadOnlySpan<string> names)
    {
        using AttachScope scope = PythonThread.Attach();
        using PyObject environment = Variables();
        if (names.IsEmpty)
        {
            using PyObject keys = environment.CallMethod("copy");
            names = PyConvert.Dictionary(PyConvert.String, PyConvert.String).FromReference(keys.Reference).Keys.ToArray();
        }

        foreach (string name in names)
        {
            string? value = Get(environment, name);
            if (value != Environment.GetEnvironmentVariable(name))
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }

    private static PyObject Variables()
    {
        using PyObject os = PyObject.Import("os");
        return os.GetAttr("environ");
    }

    private static string? Get(PyObject environment, string name)
    {
        using PyObject value = environment.CallMethod("get", [name]);
        return value.Reference.IsNone ? null : PyText.ToString(value.Reference);
    }
}
