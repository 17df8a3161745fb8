namespace PyAsync.Objects;

/// <summary>Creates .NET exceptions for errors of Python objects. The layer above implements it, because it knows the types of exceptions.</summary>
internal abstract class ErrorTranslator
{
    private static ErrorTranslator? s_current;

    public static ErrorTranslator Current
    {
        get => s_current ?? throw new InvalidOperationException("Python is not running yet.");
        set => s_current = value;
    }

    /// <summary>Takes the current Python error and returns it as a .NET exception to throw. One that came from .NET is thrown directly.</summary>
    public abstract Exception Take();

    /// <summary>Creates the exception for a value that has more bytes, characters or items than the .NET type can hold.</summary>
    public abstract Exception TooLarge(BorrowedReference value, string target, string size, string most);
}
