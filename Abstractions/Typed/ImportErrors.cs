using PyAsync.Interop;

namespace PyAsync.Typed;

/// <summary>Creates the exceptions for modules and members that do not exist. Needs the GIL.</summary>
internal static class ImportErrors
{
    private const int MaxNames = 20;

    /// <summary>Creates the exception for a module that cannot be imported.</summary>
    public static PyImportException Module(string module, string owner, PythonException error)
    {
        string text = $"The module '{module}' of {owner} cannot be imported: {error.Message}";
        return new PyImportException(
            error.IsInstanceOf("ModuleNotFoundError") ? $"{Ended(text)}{SimilarFiles(module)}{Python(text)} Searched: {string.Join(", ", Folders())}." : text, module, null, error);
    }

    /// <summary>Finds modules with similar names among the files of the application, if it has a folder: within a module that Python has loaded there is none.</summary>
    private static string SimilarFiles(string module)
    {
        List<string> similar = [];
        string[] files = [];
        try
        {
            files = AppContext.BaseDirectory is { Length: > 0 } folder ? Directory.GetFiles(folder, "*.py") : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error of the import matters, not the folder's.
        }

        foreach (string file in files)
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (SimilarNames.Are(name, module))
            {
                similar.Add(name);
            }
        }

        return similar.Count == 0 ? "" : $" The application has similar names: {string.Join(", ", similar)}.";
    }

    /// <summary>Creates the exception for a module without a member; returns the error itself if the member exists.</summary>
    public static Exception Member(string module, PyObject found, string name, string member, PythonException error) =>
        Advice(found, name[(name.LastIndexOf('.') + 1)..]) is { } advice
            ? new PyImportException($"The module '{module}'{FileOf(found)} has no '{name}', which {member} needs: {error.Error.Message}. {advice}", module, name, error)
            : error;

    /// <summary>Creates the exception for an object without a member; returns the error itself if the member exists: a property may raise an AttributeError.</summary>
    public static Exception Member(PyObject found, string name, string member, PythonException error) =>
        Advice(found, name) is { } advice
            ? new PyImportException($"A Python '{found.TypeName}' has no '{name}', which {member} needs: {error.Error.Message}. {advice}", found.TypeName, name, error)
            : error;

    /// <summary>Creates the exception for an object whose type lacks a special method; null if the error is another one, or the type has the method.</summary>
    public static PyImportException? Protocol(PyObject value, string method, string member, PythonException error)
    {
        if (!error.IsInstanceOf("TypeError"))
        {
            return null;
        }

        using PyObject type = value.GetPythonType();
        return type.HasAttr(method) ? null : Protocol(value, method, member, error.Error.Message, error);
    }

    /// <summary>Creates the exception for an object whose type lacks a special method.</summary>
    public static PyImportException Protocol(PyObject value, string method, string member) => Protocol(value, method, member, null, null);

    private static PyImportException Protocol(PyObject value, string method, string member, string? message, PythonException? error) => new(
        $"A Python '{value.TypeName}' has no '{method}', which {member} needs{(message is null ? "" : $": {message}")}. Remove the member from the interface, or wrap an object of a type that has the method.",
        value.TypeName,
        method,
        error);

    private static string FileOf(PyObject found)
    {
        try
        {
            using PyObject? file = found.TryGetAttr("__file__");
            return file is null ? "" : $" ({file})";
        }
        catch (PythonException)
        {
            return ""; // Raised by a __getattr__.
        }
    }

    /// <summary>Gets advice for a missing name; null if the object has it.</summary>
    private static string? Advice(PyObject found, string name)
    {
        List<string> others = [], similar = [];
        foreach (string other in NamesOf(found))
        {
            if (other == name)
            {
                return null;
            }

            if (!other.StartsWith('_'))
            {
                others.Add(other);
                if (SimilarNames.Are(other, name))
                {
                    similar.Add(other);
                }
            }
        }

        string hint = similar.Count > 0 ? $"Similar names: {string.Join(", ", similar)}. "
            : others.Count > MaxNames ? $"It has {others.Count} other names. "
            : others.Count > 0 ? $"It has: {string.Join(", ", others)}. "
            : "";
        return $"{hint}Correct the name in the interface, or set it with [PyName(\"name\")].";
    }

    private static IReadOnlyList<string> NamesOf(PyObject found)
    {
        try
        {
            return found.Dir();
        }
        catch (Exception e) when (e is PythonException or PythonTypeErrorException)
        {
            return []; // Raised by a __dir__, or it returned other things than names.
        }
    }

    private static string Ended(string sentence) => sentence.EndsWith('.') ? sentence : sentence + ".";

    /// <summary>Names the Python, unless the text of the error does: that of a missing package has the command that installs it.</summary>
    private static string Python(string text)
    {
        PythonInstallation installation = PythonInterpreter.Current.Installation;
        return text.Contains("searched for it", StringComparison.Ordinal) ? ""
            : $" Python {installation.Version} ({installation.Executable ?? installation.LibraryPath}) searched for it.";
    }

    private static IEnumerable<string> Folders()
    {
        using PyObject sys = PyObject.Import("sys");
        using PyObject path = sys.GetAttr("path");
        foreach (PyObject folder in path.Items())
        {
            using (folder)
            {
                string text = folder.ToString();
                yield return text.Length > 0 ? text : "the current folder";
            }
        }
    }
}
