using PyAsync.Testing.Host;

namespace PyAsync.Endurance;

/// <summary>The scenarios of this program as a child of itself.</summary>
internal static class ChildScenarios
{
    /// <param name="scenario">The name of the scenario.</param>
    /// <param name="arguments">The backend, the loop and the seed.</param>
    public static int Run(string scenario, string[] arguments)
    {
        var combination = new Combination(arguments[0], arguments[1], Debug: false);
        var random = new Random(int.Parse(arguments[2]));
        using var loggers = new WarningLog(Console.Error.WriteLine); // The parent expects the stream to be empty.
        return scenario switch
        {
            "exit" => ExitScenario.Run(combination, loggers, random),
            "signal" => SignalScenario.Run(combination, random),
            _ => throw new ArgumentException($"{scenario} is no scenario."),
        };
    }
}
