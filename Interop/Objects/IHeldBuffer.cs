namespace PyAsync.Objects;

/// <summary>A buffer of a Python object, whose disposal lets Python resize the object.</summary>
internal interface IHeldBuffer : IDisposable;
