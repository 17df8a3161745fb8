namespace PyAsync.Tests;

/// <summary>All questions, with the differences that are known.</summary>
internal static class Questions
{
    public static IReadOnlyList<Question> All { get; } =
    [
        .. RequestCases.All, .. ResponseCases.All, .. FrameworkCases.All, .. ErrorCases.All, .. DisconnectCases.All, .. SocketCases.All, .. LoadCases.All,
    ];
}
