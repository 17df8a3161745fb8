namespace PyAsync.Conversion;

/// <summary>Imports the Python class that a C# type names in an attribute.</summary>
internal static class PythonClass
{
    /// <param name="path">The class: <c>module:Class</c>, <c>package.module:Outer.Class</c>.</param>
    /// <param name="type">The C# type, for messages.</param>
    /// <param name="attribute">The attribute, for messages.</param>
    /// <exception cref="InvalidOperationException">There is no such class.</exception>
    public static NewReference Import(string path, Type type, string attribute)
    {
        int colon = path.IndexOf(':', StringComparison.Ordinal);
        try
        {
            using PyObject module = PyObject.Import(colon < 0 ? path : path[..colon]);
            NewReference found = NewReference.From(module.Reference);
            foreach (string name in path[(colon + 1)..].Split('.'))
            {
                NewReference inner = found.Borrow().GetAttr(WellKnownNames.Current[name]);
                found.Dispose();
                found = inner.OrThrow();
            }

            return found;
        }
        catch (PythonException e)
        {
            throw new InvalidOperationException(
                $"{ConversionErrors.Name(type)} is converted to the Python class '{path}' ([{attribute}(PythonClass = …)]), which cannot be imported: {e.Message}", e);
        }
    }
}
