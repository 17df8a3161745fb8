namespace PyAsync.Objects;

/// <summary>
/// Makes the lines of source text available to tracebacks, <c>inspect</c> and <c>pdb</c> (<c>linecache</c>), under a file name that no other text has.
/// Belongs to an interpreter; the GIL guards it.
/// </summary>
internal sealed class SourceLines
{
    /// <summary>The maximum number of texts that are kept. The oldest is dropped first, so that generated code does not fill the memory.</summary>
    private const int MaxTexts = 1_000;

    private readonly Dictionary<(string Name, string Source), string> _files = [];
    private readonly Queue<(string Name, string Source)> _oldest = new();
    private readonly Dictionary<string, (int Last, int Kept)> _numbers = [];
    private ImportedObject _cache = new("linecache", "cache");

    /// <summary>Adds a text.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="source">The text.</param>
    /// <returns>The file name to compile it under: <c>&lt;name&gt;</c>, or <c>&lt;name 2&gt;</c> for a second text of that name.</returns>
    public string Add(string name, string source)
    {
        if (_files.TryGetValue((name, source), out string? known))
        {
            return known;
        }

        (int last, int kept) = _numbers.GetValueOrDefault(name);
        string file = last == 0 ? $"<{name}>" : $"<{name} {last + 1}>";
        try
        {
            Enter(file, source);
        }
#pragma warning disable CA1031 // The type of the exception belongs to a higher layer.
        catch (Exception)
#pragma warning restore CA1031
        {
            return file; // linecache cannot be imported: tracebacks have no source lines.
        }

        _numbers[name] = (last + 1, kept + 1);
        _files.Add((name, source), file);
        _oldest.Enqueue((name, source));
        if (_oldest.Count > MaxTexts)
        {
            DropOldest();
        }

        return file;
    }

    private void DropOldest()
    {
        (string Name, string Source) dropped = _oldest.Dequeue();
        _files.Remove(dropped, out string? file);
        Remove(file!);
        (int last, int kept) = _numbers[dropped.Name];
        if (kept == 1)
        {
            _numbers.Remove(dropped.Name);
        }
        else
        {
            _numbers[dropped.Name] = (last, kept - 1);
        }
    }

    private void Enter(string file, string source)
    {
        // linecache's entry: size, time, lines, full name. An entry without a time is never compared with a file.
        using NewReference name = PyText.FromString(file);
        using NewReference lines = Lines(source);
        using NewReference size = CPython.PyLong_FromLongLong(source.Length);
        using NewReference entry = CPython.PyTuple_New(4).OrThrow();
        PyTuple.Set(entry.Borrow(), 0, NewReference.From(size.Borrow()));
        PyTuple.Set(entry.Borrow(), 1, NewReference.From(InterpreterState.Current.None));
        PyTuple.Set(entry.Borrow(), 2, NewReference.From(lines.Borrow()));
        PyTuple.Set(entry.Borrow(), 3, NewReference.From(name.Borrow()));
        if (CPython.PyObject_SetItem(_cache.Value, name.Borrow(), entry.Borrow()) < 0)
        {
            PythonErrors.Forget(); // The cache was replaced by other code: tracebacks then have no source lines.
        }
    }

    private void Remove(string file)
    {
        using NewReference name = PyText.FromString(file);
        if (CPython.PyObject_DelItem(_cache.Value, name.Borrow()) < 0)
        {
            PythonErrors.Forget(); // linecache.clearcache has removed it.
        }
    }

    private static NewReference Lines(string source)
    {
        NewReference lines = CPython.PyList_New(0).OrThrow();
        using var reader = new StringReader(source); // Ends lines where Python's tokenizer does: \n, \r\n, \r.
        while (reader.ReadLine() is { } line)
        {
            using NewReference text = PyText.FromString(line + "\n");
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(lines.Borrow(), text.Borrow()));
        }

        return lines;
    }
}
