namespace PyAsync.Layouts;

/// <summary>
/// Decides which of CPython's private structures are read in place. Each one is probed with real objects when the interpreter has started. CPython's
/// public functions replace a layout that the probe does not find, and all layouts if they are switched off.
/// </summary>
/// <remarks>Only files of this folder, and <see cref="ReferenceCount"/>, depend on undocumented structures of CPython.</remarks>
internal static class CPythonLayouts
{
    /// <summary>The environment variable: 0 switches all layouts off, 1 switches them on for a Python that is newer than the known ones.</summary>
    public const string EnvironmentVariable = "PYASYNC_PRIVATE_LAYOUTS";

    /// <summary>The AppContext switch with the same meaning. The variable takes precedence.</summary>
    public const string SwitchName = "PyAsync.PrivateLayouts";

    // Without initialisers, so that no access checks whether the class is initialised.
    private static string? s_off;
    private static bool s_isProbed;

    /// <summary>True if private structures that the probe finds may be read.</summary>
    public static bool AreAllowed => s_isProbed && s_off is null;

    /// <summary>Gets the positions in a thread's state.</summary>
    public static ThreadStateLayout ThreadState { get; private set; }

    /// <summary>Gets the layout of integers of one digit.</summary>
    public static IntegerLayout Integers { get; private set; }

    /// <summary>True if an address in a context shows whether the context's variables have been changed.</summary>
    public static bool HasContextVariables { get; private set; }

    /// <summary>Probes the layouts. Called once, when the interpreter is initialised or joined; needs the GIL.</summary>
    /// <param name="newest">The newest Python whose layouts are known.</param>
    public static void Probe(Version newest)
    {
        s_off = ReasonToBeOff(Environment.GetEnvironmentVariable(EnvironmentVariable), Switch(), CPython.Minor, newest);
        ReferenceCount.Choose(mayCountInPlace: s_off is null, CPython.Static("_Py_NoneStruct").Pointer);
        if (s_off is null)
        {
            ThreadState = ThreadStateLayout.Probe();
            Integers = CompactInteger.Probe();
            HasContextVariables = ContextVariables.Probe();
        }

        s_isProbed = true;
    }

    /// <summary>Gets a line for the log: the layouts in use, and those that are not in use.</summary>
    public static string Describe()
    {
        if (s_off is not null)
        {
            return $"off: {s_off}";
        }

        (string Name, bool IsOn)[] layouts =
        [
            ("reference counts", !ReferenceCount.IsByCall),
            ("immortal objects", ReferenceCount.HasImmortals),
            ("current context", ThreadState.Context != ThreadStateLayout.NotFound),
            ("thread dictionary", ThreadState.Dictionary != ThreadStateLayout.NotFound),
            ("context variables", HasContextVariables),
            ("small integers", Integers != IntegerLayout.Unknown),
        ];
        List<string> on = [], off = [];
        foreach ((string name, bool isOn) in layouts)
        {
            (isOn ? on : off).Add(name);
        }

        return $"on: {List(on)}; not in use: {List(off)}";

        static string List(List<string> names) => names.Count > 0 ? string.Join(", ", names) : "none";
    }

    /// <summary>Gets the reason why no private structure is read; null if the probed ones are.</summary>
    internal static string? ReasonToBeOff(string? variable, bool? isSwitchedOn, int minor, Version newest) => variable switch
    {
        "0" => $"{EnvironmentVariable}=0",
        "1" => null,
        _ => isSwitchedOn switch
        {
            false => $"the AppContext switch {SwitchName} is false",
            true => null,
            null => minor > newest.Minor ? $"Python 3.{minor} is newer than {newest}, the newest known one" : null,
        },
    };

    private static bool? Switch() => AppContext.TryGetSwitch(SwitchName, out bool isOn) ? isOn : null;
}
