using System.Text;

namespace PyAsync.Endurance;

/// <summary>Signals into a process that is busy on both sides: some that Python code handles, and then one that ends the process.</summary>
internal sealed class Signals : ChildActor
{
    private const int Interrupt = 2, Terminate = 15;

    public override string Kind => "signals";

    public override string? SkipReason => OperatingSystem.IsWindows() ? "these signals are Unix's" : null;

    public override Task Act(Scene scene)
    {
        int handled = scene.Random.Next(1, 20), last = scene.Random.Next(2) == 0 ? Interrupt : Terminate;

        // Each when the one before has been handled: a signal that is pending twice comes once.
        List<(string When, string Signal)> signals = [("ready", "USR1")];
        var output = new StringBuilder("ready\n");
        for (int i = 1; i <= handled; i++)
        {
            signals.Add(($"handled {i}", i < handled ? "USR1" : last == Interrupt ? "INT" : "TERM"));
            output.Append($"handled {i}\n");
        }

        ChildProcess child = ChildProcess.OfScenario("signal", scene.Combination, scene.Random.Next(), [.. signals]);
        return Expect(scene.Ledger.Begin(Kind), child, 128 + last, output + "cleaned up\n");
    }
}
