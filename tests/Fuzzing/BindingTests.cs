using PyAsync.Interop;
using PyAsync.Modules;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Random calls of functions with random signatures are bound as <c>inspect.signature</c> binds them, and refused in Python's words.</summary>
public sealed class BindingTests
{
    [Fact]
    public void Arguments_AreBound_AsPythonBindsThem()
    {
        using PyObject module = PyObject.ImportSource(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "binding.py")), "fuzz_binding");
        using PyObject signature = module.GetAttr("signature"), check = module.GetAttr("check");
        Fuzz.Run(nameof(BindingTests), seed =>
        {
            (string[] names, int required, bool rest) = signature.Call<(string[], int, bool)>([seed]);
            using PyObject function = Function(names, required, rest);
            using PyObject wrong = check.Call([function, seed]);
            if (!wrong.IsNone)
            {
                throw new ShouldAssertException(wrong.ToString());
            }
        });
    }

    /// <summary>A function that gives back what was bound, as the code that the generator writes reads it.</summary>
    private static PyObject Function(string[] names, int required, bool takesRest)
    {
        var signature = new CallSignature("f", [.. names.Select(static name => new CallParameter(name, "object"))], required, takesRest);
        return PyFunction.Create("f", arguments =>
        {
            BoundArguments bound = signature.Bind(arguments, stackalloc ArgumentSlot[names.Length]);
            var values = new List<object?>();
            for (int i = 0; i < names.Length; i++)
            {
                values.Add(bound.Has(i) ? bound.GetOrNull(i, PyConvert.Object) : "<default>");
            }

            object?[] rest = takesRest ? bound.Rest("rest_", "object", PyConvert.Object) : [];
            return PyObject.From(PyTuple.Create([values, rest]), PyConvert.Object);
        });
    }
}
