namespace PyAsync.Tool;

/// <summary>What <c>dotnet publish</c> is told.</summary>
/// <param name="Form">Native or hosted.</param>
/// <param name="Configuration">Release, Debug.</param>
/// <param name="Framework">The target framework, if the project has several and not its first is meant.</param>
/// <param name="RuntimeIdentifier">The platform; none is this machine's for a native module, every one for a hosted.</param>
/// <param name="Further">Arguments that are handed on.</param>
internal sealed record PublishOptions(ModuleForm Form, string Configuration, string? Framework, string? RuntimeIdentifier, IReadOnlyList<string> Further);
