namespace PyAsync.Endurance;

/// <summary>Processes that end with work in flight, in every way that a program can end.</summary>
internal sealed class ProcessExits : ChildActor
{
    public override string Kind => "process-exits";

    public override Task Act(Scene scene)
    {
        int seed = scene.Random.Next();
        return Expect(scene.Ledger.Begin(Kind), ChildProcess.OfScenario("exit", scene.Combination, seed), ExitScenario.CodeOf(seed), "left\natexit\n");
    }
}
