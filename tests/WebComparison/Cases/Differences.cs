namespace PyAsync.Tests;

/// <summary>All differences that are known, with their reasons. Every other answer has to be equal, and each of these has to differ.</summary>
internal static partial class Differences
{
    /// <summary>Gets the reason why the answers differ from those of a version of uvicorn, or null if they have to be equal.</summary>
    public static string? Reason(string question, Version uvicorn) =>
        All.FirstOrDefault(difference => difference.Questions.Contains(question) && difference.Applies(uvicorn))?.Why;

    /// <summary>Gets the reasons for any version.</summary>
    public static string Reasons(string question) => string.Join(" ", All.Where(difference => difference.Questions.Contains(question)).Select(static difference => difference.Why).Distinct());
}

/// <summary>A reason for which answers differ: the questions, and the versions of uvicorn to which it applies.</summary>
/// <param name="Why">The reason, for the report.</param>
/// <param name="Questions">The groups and names of the questions.</param>
internal sealed record Difference(string Why, params IReadOnlyList<string> Questions)
{
    /// <summary>Gets the first version of uvicorn whose answer differs; null for every version.</summary>
    public string? From { get; init; }

    /// <summary>Gets the first version of uvicorn whose answer does not differ any more; null for none.</summary>
    public string? Before { get; init; }

    public bool Applies(Version uvicorn) => (From is null || uvicorn >= Version.Parse(From)) && (Before is null || uvicorn < Version.Parse(Before));
}
