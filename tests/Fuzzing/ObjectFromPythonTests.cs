using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Random nested Python values enter as <c>object</c> and leave as themselves.</summary>
public sealed class ObjectFromPythonTests
{
    [Fact]
    public void Value_ThatEntersAsObject_LeavesAsItself()
    {
        using PyObject module = PyObject.ImportSource(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "values.py")), "fuzz_values");
        using PyObject check = module.GetAttr("check");
        using PyObject identity = PyFunction.Create("identity", static arguments => PyObject.From(arguments.Get(0, PyConvert.Object), PyConvert.Object));
        Fuzz.Run(nameof(ObjectFromPythonTests), seed =>
        {
            using PyObject wrong = check.Call([identity, seed]);
            if (!wrong.IsNone)
            {
                throw new ShouldAssertException(wrong.ToString());
            }
        });
    }
}
