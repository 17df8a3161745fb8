namespace PyAsync.Tool;

/// <summary>How a module is shipped.</summary>
internal enum ModuleForm
{
    /// <summary>Assemblies, which the .NET that is installed runs.</summary>
    Hosted,

    /// <summary>One native library, compiled ahead of time, which needs no .NET.</summary>
    Aot,
}
