using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>The objects that the futures of an interpreter share. The GIL guards it.</summary>
internal sealed class FutureStore
{
    private FutureMemory _memory;

    public static FutureStore Current => InterpreterState.Current.Attachment<FutureStore>();

    /// <summary>Gets the free list of futures.</summary>
    public ref FutureMemory Memory => ref _memory;

    /// <summary>Gets the sources of the pending futures.</summary>
    public NumberedItems<FutureSource> Sources { get; } = new();
}
