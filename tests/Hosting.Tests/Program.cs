using PyAsync.Testing;
using PyAsync.Tests;

return args switch
{
    ["--child", "signal", var scenario, ..] => SignalScenarios.Run(scenario),
    ["--child", "first-use"] => FirstUseScenario.Run(),
    ["--child", "first-starts"] => FirstUseScenario.RunStarts(),
    ["--child", var scenario] => ProcessEndScenarios.Run(scenario),
    _ => PyAsyncTestHost.Run(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
