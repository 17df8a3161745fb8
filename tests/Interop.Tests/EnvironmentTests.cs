using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Copies of variables that are set after Python has started.</summary>
public sealed class EnvironmentTests
{
    private const string Name = "PYASYNC_TEST_COPIED";

    [Fact]
    public void CopyToPython_Named_SetsChangesAndRemoves()
    {
        foreach (string? value in new[] { "1", "größer", null })
        {
            Environment.SetEnvironmentVariable(Name, value);
            InPython(Name).ShouldNotBe(value);

            PythonEnvironment.CopyToPython(Name);

            InPython(Name).ShouldBe(value);
        }
    }

    [Fact]
    public void CopyFromPython_Named_SetsChangesAndRemoves()
    {
        foreach (string? value in new[] { "1", "größer", null })
        {
            SetInPython(Name + "2", value);

            PythonEnvironment.CopyFromPython(Name + "2");

            Environment.GetEnvironmentVariable(Name + "2").ShouldBe(value);
        }
    }

    [Fact]
    public void Copy_WithoutNames_CopiesAllAndRemovesNone()
    {
        Environment.SetEnvironmentVariable(Name + "3", "dotnet");
        SetInPython(Name + "4", "python");

        PythonEnvironment.CopyToPython();
        PythonEnvironment.CopyFromPython();

        (InPython(Name + "3"), InPython(Name + "4")).ShouldBe(("dotnet", "python"));
        (Environment.GetEnvironmentVariable(Name + "3"), Environment.GetEnvironmentVariable(Name + "4")).ShouldBe(("dotnet", "python"));
    }

    private static string? InPython(string name)
    {
        using PyObject os = PyObject.Import("os");
        using PyObject value = os.CallMethod("getenv", [name]);
        return value.As<string?>();
    }

    private static void SetInPython(string name, string? value)
    {
        using PyObject os = PyObject.Import("os");
        using PyObject environment = os.GetAttr("environ");
        environment.CallMethod(value is null ? "pop" : "__setitem__", value is null ? [name] : [name, value]).Dispose();
    }
}
