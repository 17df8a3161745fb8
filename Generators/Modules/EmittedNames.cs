namespace PyAsync.Generators.Modules;

/// <summary>Makes names for generated classes and files.</summary>
internal static class EmittedNames
{
    /// <summary>
    /// Makes a class name of the full name of a type: <c>global::Shop.Sales.Order</c> is <c>Shop_Sales_OrderRecord</c>. No other type has it: an underscore is
    /// written with a zero, and no name begins with a digit.
    /// </summary>
    public static string Of(string csharpName, string suffix) =>
        csharpName.Replace("global::", "").Replace("_", "_0").Replace('.', '_').Replace("@", "") + suffix;
}
