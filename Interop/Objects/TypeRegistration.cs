namespace PyAsync.Objects;

/// <summary>Keeps a Python type that is written in C#, for the life of the interpreter whose attachment it is. Each type derives one class.</summary>
internal abstract class TypeRegistration
{
    private OwnedReference _type;

    /// <param name="type">The type, which then belongs to this object.</param>
    protected TypeRegistration(NewReference type) => _type.Set(type);

    public BorrowedReference Type => _type.Borrow();
}
