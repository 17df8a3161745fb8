using System.CommandLine;
using PyAsync.Endurance;

if (args is ["--child", var scenario, .. var rest])
{
    return ChildScenarios.Run(scenario, rest);
}

Option<double> minutes = new("--minutes") { Description = "How long to run.", DefaultValueFactory = _ => 1 };
Option<int> seed = new("--seed") { Description = "Where all random choices come from.", DefaultValueFactory = _ => Random.Shared.Next(1, 1_000_000) };
Option<string[]> only = new("--only") { Description = $"The kinds of work to do: {string.Join(", ", Actors.All.Select(static actor => actor.Kind))}.", AllowMultipleArgumentsPerToken = true };
Option<bool> verbose = new("--verbose") { Description = "Prints each round." };
RootCommand command = new("Lets .NET and Python await, cancel, fail and end each other at random, checks every result, and fails on any loss, duplicate, growth or late end.")
{
    minutes, seed, only, verbose,
};
command.SetAction(parsed =>
{
    var settings = new RunSettings(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(seed), parsed.GetValue(only) ?? [], parsed.GetValue(verbose));
    return new EnduranceRun(settings).Run();
});
return await command.Parse(args).InvokeAsync();
