namespace PyAsync.TestRunner.Pythons;

/// <summary>The roles of a Python among those that were found. A row of the matrix names the roles that it runs on.</summary>
[Flags]
internal enum PythonRoles
{
    None = 0,

    /// <summary>The oldest minor version; of several patch releases the system's own.</summary>
    Oldest = 1,

    /// <summary>The newest minor version. The same Python as the oldest if only one is found.</summary>
    Newest = 2,

    /// <summary>A minor version between the oldest and the newest.</summary>
    Between = 4,

    /// <summary>A second Python of a minor version that has a role already: private layouts may differ between patch releases.</summary>
    OtherPatch = 8,

    /// <summary>CPython built with assertions and reference totals.</summary>
    DebugBuild = 16,

    /// <summary>Both ends of the range.</summary>
    Ends = Oldest | Newest,

    /// <summary>One Python for each minor version.</summary>
    EveryMinor = Ends | Between,

    /// <summary>Every Python.</summary>
    Every = EveryMinor | OtherPatch | DebugBuild,
}
