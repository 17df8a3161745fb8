namespace PyAsync.Functions;

/// <summary>The kinds of functions that <c>inspect</c> distinguishes by what a call returns.</summary>
internal enum FunctionKind : byte
{
    /// <summary>A value.</summary>
    Plain,

    /// <summary>An awaitable: it counts as a coroutine function.</summary>
    Coroutine,

    /// <summary>An async iterator with the methods of an async generator: it counts as an async generator function.</summary>
    AsyncGenerator,
}
