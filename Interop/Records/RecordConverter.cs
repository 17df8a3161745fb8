using System.Runtime.CompilerServices;

namespace PyAsync.Records;

/// <summary>
/// Converts a type marked <c>[PyRecord]</c>. The generated code is looked up at the first conversion, so that records may refer to each other, and to
/// records of other assemblies, whose module initialisers may not have run yet.
/// </summary>
internal sealed class RecordConverter<T> : ReferenceConverter<T>, INonNullConverter
{
    private RecordCode<T>? _code;

    private RecordConverter()
    {
    }

    public static RecordConverter<T> Instance { get; } = new();

    /// <summary>Gets the generated code.</summary>
    /// <exception cref="MissingConverterException">There is none: the type is not marked, or the generator did not run.</exception>
    public RecordCode<T> Code => _code ?? FindCode();

    /// <summary>Sets the generated code; the first one stays.</summary>
    public void Use(RecordCode<T> code) => Interlocked.CompareExchange(ref _code, code, null);

    internal override NewReference ToReference(T value)
    {
        if (value is null)
        {
            return NewReference.From(InterpreterState.Current.None);
        }

        Nesting.ThrowIfStackIsLow();
        RecordCode<T> code = Code;
        RecordNames<T> names = Names();
        using NewReference dict = CPython.PyDict_New().OrThrow();
        code.Write(new RecordWriter(dict.Borrow(), code.Shape, names), value);
        return code.Shape.PythonClass is null ? NewReference.From(dict.Borrow()) : names.New(dict.Borrow(), code.Shape, typeof(T));
    }

    internal override T FromReference(BorrowedReference value)
    {
        Nesting.ThrowIfStackIsLow();
        RecordCode<T> code = Code;
        var source = new RecordSource(value, typeof(T));
        bool isRead = false;
        try
        {
            T record = code.Read(new RecordReader(ref source, code.Shape, Names(), typeof(T)));
            if (code.Shape.RefusesUnknown)
            {
                UnknownFields.ThrowIfAny(value, source.Form, code.Shape, typeof(T));
            }

            isRead = true;
            return record;
        }
        finally
        {
            // Not in a catch block: each level of a deeply nested record would throw again, on the stack of the first exception.
            source.End(isRead);
        }
    }

    private static RecordNames<T> Names() => InterpreterState.Current.Attachment<RecordNames<T>>();

    private RecordCode<T> FindCode()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(T).Module.ModuleHandle);
        return _code ?? throw new MissingConverterException(
            $"There is no record converter for {ConversionErrors.Name(typeof(T))}. Mark the type [PyRecord]; its project needs the generator of the package PyAsync or PyAsync.Modules.");
    }
}
