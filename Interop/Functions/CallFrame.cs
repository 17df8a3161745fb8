namespace PyAsync.Functions;

/// <summary>The arguments that CPython passes to a function: pointers that are valid during the call, first the positional arguments, then those by keyword.</summary>
internal readonly unsafe struct CallFrame(nint* arguments, int positional, nint keywordNames, ExecutionContext? flow)
{
    /// <summary>The ExecutionContext that the function runs under.</summary>
    public readonly ExecutionContext? Flow = flow;
    public readonly nint* Arguments = arguments;
    public readonly int Positional = positional;
    private readonly nint _keywordNames = keywordNames;

    /// <summary>Gets a tuple of their names; NULL if none is passed by keyword.</summary>
    public BorrowedReference KeywordNames => new(_keywordNames);
}
