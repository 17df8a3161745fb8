using System.Text;

namespace PyAsync.Objects;

/// <summary>Runs Python source text as a module.</summary>
internal static unsafe class PySource
{
    /// <summary>Runs the text in a new module of that name and returns the module. Tracebacks have no source lines, which would need an import.</summary>
    public static NewReference Run(string source, string name) => Run(source, name, $"<{name}>");

    /// <summary>Does the same, with source lines in tracebacks.</summary>
    public static NewReference RunWithLines(string source, string name) =>
        Run(source, name, InterpreterState.Current.Attachment<SourceLines>().Add(name, source));

    private static NewReference Run(string source, string name, string fileName)
    {
        ThrowIfNotText(source);
        using NewReference moduleName = PyText.FromString(name);
        using NewReference module = CPython.PyModule_NewObject(moduleName.Borrow()).OrThrow();
        BorrowedReference globals = CPython.PyModule_GetDict(module.Borrow());
        using NewReference builtinsKey = PyText.FromString("__builtins__");
        PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(globals, builtinsKey.Borrow(), CPython.PyEval_GetBuiltins()));

        // SAFETY: both texts are pinned for the call and end with a zero byte.
        fixed (byte* text = Encoding.UTF8.GetBytes(source + "\0"))
        fixed (byte* file = Encoding.UTF8.GetBytes(fileName + "\0"))
        {
            using NewReference code = CPython.Py_CompileString(text, file, CPython.Py_file_input).OrThrow();
            using NewReference result = CPython.PyEval_EvalCode(code.Borrow(), globals, globals).OrThrow();
        }

        return NewReference.From(module.Borrow());
    }

    /// <summary>Refuses a NUL character, at which CPython would cut the text off.</summary>
    private static void ThrowIfNotText(string source)
    {
        int nul = source.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            int line = source.AsSpan(0, nul).Count('\n') + 1;
            throw new ArgumentException($"Line {line} of the source code has a NUL character (character {nul} of the text), which Python code cannot contain: remove it. In a string, write \\0.", nameof(source));
        }
    }

    /// <summary>Gets the text of a <c>.py</c> file that is embedded in an assembly of this library.</summary>
    public static string Embedded(System.Reflection.Assembly assembly, string file)
    {
        using Stream stream = assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is missing from {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
