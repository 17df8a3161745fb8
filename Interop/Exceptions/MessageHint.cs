namespace PyAsync.Exceptions;

/// <summary>Completes the messages of Python exceptions with information of the layer above.</summary>
internal abstract class MessageHint
{
    /// <summary>Gets or sets the hint of the running interpreter; null for none.</summary>
    public static MessageHint? Current { get; set; }

    /// <summary>Gets <c>str(error)</c>, completed. Needs the GIL.</summary>
    public abstract string Describe(BorrowedReference error);
}
