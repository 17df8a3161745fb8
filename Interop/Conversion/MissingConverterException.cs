namespace PyAsync.Conversion;

/// <summary>There is no converter for a type.</summary>
internal sealed class MissingConverterException(string message) : NotSupportedException(message), IConversionFailure
{
    public ConversionFailure Failure { get; } = new(message);

    public override string Message => Failure.Message;
}
