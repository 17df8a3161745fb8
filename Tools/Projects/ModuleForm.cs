namespace PyAsync.Tool.Projects;

/// <summary>The forms in which a module is shipped.</summary>
internal enum ModuleForm
{
    /// <summary>Assemblies, which an installed .NET runs.</summary>
    Hosted,

    /// <summary>One native library, compiled ahead of time, which needs no .NET.</summary>
    Aot,
}
