using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interpreter.Starting;

/// <summary>The features that can be left out of a library that is compiled ahead of time.</summary>
internal static class Features
{
    private const string StartsPythonSwitch = "PyAsync.Interop.StartsPython";

    /// <summary>True if Python can be found and started, rather than only joined. A Python module never needs that.</summary>
    [FeatureSwitchDefinition(StartsPythonSwitch)]
    public static bool StartsPython => !AppContext.TryGetSwitch(StartsPythonSwitch, out bool isOn) || isOn;
}
