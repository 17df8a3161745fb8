namespace PyAsync.Interpreter.Locating;

/// <summary>The range of CPython's minor versions that are supported. The test runner in <c>eng</c> compiles this file too.</summary>
internal static class SupportedPythons
{
    /// <summary>Gets the oldest version.</summary>
    internal static Version Oldest { get; } = new(3, 11);

    /// <summary>Gets the newest version that the tests have run on.</summary>
    internal static Version Newest { get; } = new(3, 15);

    /// <summary>Gets the minor versions, oldest first.</summary>
    internal static IEnumerable<int> Minors => Enumerable.Range(Oldest.Minor, Newest.Minor - Oldest.Minor + 1);
}
