namespace PyAsync.Endurance;

/// <summary>One quantity that must not grow.</summary>
/// <param name="Name">The column of the table.</param>
/// <param name="Unit">The divisor of the values in the table, and its name.</param>
/// <param name="Allowed">The allowed growth from the start to the end: caches that fill, and the noise of the measure.</param>
/// <param name="AllowedShare">The same, as a share of the value at the start. The larger of both counts.</param>
/// <param name="Read">Reads the value; null where this Python or this system has none.</param>
internal sealed record Measure(string Name, (double Divisor, string Symbol) Unit, double Allowed, double AllowedShare, Func<long?> Read);
