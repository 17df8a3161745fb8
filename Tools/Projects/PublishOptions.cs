namespace PyAsync.Tool.Projects;

/// <summary>The options for <c>dotnet publish</c>.</summary>
/// <param name="Form">Native or hosted.</param>
/// <param name="Configuration">Release, Debug.</param>
/// <param name="Framework">The target framework, if the project has several and its first is not the right one.</param>
/// <param name="RuntimeIdentifier">The platform; null means this machine's for a native module, and every platform for a hosted one.</param>
/// <param name="Further">Arguments that are passed on.</param>
internal sealed record PublishOptions(ModuleForm Form, string Configuration, string? Framework, string? RuntimeIdentifier, IReadOnlyList<string> Further);
