namespace PyAsync.Generators.Modules.Model;

/// <summary>A marked member of a class whose members Python does not see.</summary>
/// <param name="BaseName">The full C# name of its class, if a <c>[PyClass]</c> class may derive from that and inherit the member; else null.</param>
/// <param name="Problem">The error, unless a class derives from it.</param>
internal sealed record StrayMember(string? BaseName, DiagnosticInfo Problem);
