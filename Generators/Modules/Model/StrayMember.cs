namespace PyAsync.Generators;

/// <summary>A marked member that is in no class whose members Python sees.</summary>
/// <param name="BaseName">The full C# name of the class that it is in, if a <c>[PyClass]</c> class may derive from that and have the member; else null.</param>
/// <param name="Problem">What is wrong, unless one does.</param>
internal sealed record StrayMember(string? BaseName, DiagnosticInfo Problem);
