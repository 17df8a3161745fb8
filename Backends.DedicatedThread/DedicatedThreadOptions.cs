namespace PyAsync;

/// <summary>The settings of <see cref="DedicatedThreadBackend"/>: the section <c>DedicatedThread</c> within the runtime's.</summary>
public sealed class DedicatedThreadOptions
{
    /// <summary>The section of these settings within the runtime's; also the backend's name.</summary>
    public const string SectionName = "DedicatedThread";

    /// <summary>Gets or sets the number of threads. Work is assigned to them in turn, and stays on its thread.</summary>
    /// <value>1 to 1,024; default 1.</value>
    public int Threads { get; set; } = 1;

    /// <summary>Gets the error in the settings; null if there is none.</summary>
    internal string? Problem => Threads is < 1 or > 1_024 ? $"{SectionName}:{nameof(Threads)} is {Threads}: it has to be within 1 and 1024; 1 is the default." : null;
}
