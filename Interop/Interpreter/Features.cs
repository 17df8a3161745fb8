using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>What can be left out of a library that is compiled ahead of time.</summary>
internal static class Features
{
    private const string StartsPythonSwitch = "PyAsync.Interop.StartsPython";

    /// <summary>Whether Python can be found and started, rather than joined alone. A Python module never needs to.</summary>
    [FeatureSwitchDefinition(StartsPythonSwitch)]
    public static bool StartsPython => !AppContext.TryGetSwitch(StartsPythonSwitch, out bool isOn) || isOn;
}
