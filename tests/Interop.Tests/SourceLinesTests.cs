using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Code of ImportSource has source lines in tracebacks.</summary>
public sealed class SourceLinesTests
{
    private const string Source = "import traceback, inspect\r\n\ndef fail():\n    raise ValueError('bang')\n\ndef text():\n    try:\n        fail()\n    except ValueError:\n        return traceback.format_exc()\n";

    [Fact]
    public void Traceback_OfImportedSource_HasItsLines()
    {
        using PyObject module = PyObject.ImportSource(Source, "with_lines");

        PythonException e = Should.Throw<PythonException>(() => module.CallMethod("fail"));

        e.Traceback.ShouldContain("  File \"<with_lines>\", line 4, in fail\n    raise ValueError('bang')\n");
        module.CallMethod<string>("text").ShouldContain("  File \"<with_lines>\", line 8, in text\n    fail()\n");
    }

    [Fact]
    public void Traceback_OfSeveralTextsOfOneName_HasTheLinesOfEach()
    {
        PyObject[] modules = [.. Enumerable.Range(0, 3).Select(i => PyObject.ImportSource($"def fail():\n    raise ValueError({i})", "same_name"))];
        using PyObject again = PyObject.ImportSource("def fail():\n    raise ValueError(1)", "same_name");

        string[] files = ["<same_name>", "<same_name 2>", "<same_name 3>"];
        for (int i = 0; i < modules.Length; i++)
        {
            Should.Throw<PythonException>(() => modules[i].CallMethod("fail")).Traceback
                .ShouldContain($"  File \"{files[i]}\", line 2, in fail\n    raise ValueError({i})\n");
        }

        Should.Throw<PythonException>(() => again.CallMethod("fail")).Traceback.ShouldContain("  File \"<same_name 2>\", line 2, in fail\n    raise ValueError(1)\n");
    }

    [Fact]
    public void Source_OfAnImportedFunction_IsFound()
    {
        using PyObject module = PyObject.ImportSource("import inspect\ndef f(): # here\n    pass\ndef source(): return inspect.getsource(f)", "inspected");

        module.CallMethod<string>("source").ShouldBe("def f(): # here\n    pass\n");
    }

    [Fact]
    public void Texts_BeyondAThousand_AreDroppedOldestFirst()
    {
        using PyObject linecache = PyObject.Import("linecache");
        using PyObject cache = linecache.GetAttr("cache");
        long before = cache.Length;
        for (int i = 0; i < 3_000; i++)
        {
            PyObject.ImportSource($"x = {i}", "generated").Dispose();
        }

        (cache.Length - before).ShouldBeLessThanOrEqualTo(1_000);
        using PyObject module = PyObject.ImportSource("def fail(): 1 / 0", "generated");
        Should.Throw<PythonException>(() => module.CallMethod("fail")).Traceback.ShouldContain(", in fail\n    def fail(): 1 / 0\n");
    }

    [Fact]
    public void Import_WhenTheCacheIsReplaced_Works()
    {
        using PyObject linecache = PyObject.Import("linecache");
        using PyObject cache = linecache.GetAttr("cache");
        linecache.CallMethod("clearcache").Dispose();

        using PyObject module = PyObject.ImportSource("def fail(): 1 / 0", "after_clearing");

        Should.Throw<PythonException>(() => module.CallMethod("fail")).Traceback.ShouldContain("def fail(): 1 / 0\n");
    }
}
