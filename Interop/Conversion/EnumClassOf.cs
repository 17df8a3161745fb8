namespace PyAsync.Conversion;

/// <summary>The Python class that an enum marked <c>[PyEnum]</c> names. One for each interpreter; the GIL guards it.</summary>
internal sealed class EnumClassOf<TEnum>
{
    public OwnedReference Class;
}
