namespace PyAsync.Exceptions;

/// <summary>An exception with the reason why a value cannot be converted. Each enclosing collection adds the position of the item.</summary>
internal interface IConversionFailure
{
    ConversionFailure Failure { get; }
}
