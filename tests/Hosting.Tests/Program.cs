using PyAsync.Testing;
using PyAsync.Tests;

return args switch
{
    ["--child", "signal", var scenario, ..] => SignalScenarios.Run(scenario),
    ["--child", "app", var scenario, .. var arguments] => AppScenarios.Run(scenario, arguments),
    ["--child", "first-use"] => FirstUseScenario.Run(),
    ["--child", "first-starts"] => FirstUseScenario.RunStarts(),
    ["--child", "exit", var bootstrap, var place] => ExitScenarios.Run(bootstrap, place),
    ["--child", "text", var scenario] => ExitScenarios.RunTexts(scenario),
    ["--child", var scenario] => ProcessEndScenarios.Run(scenario),
    _ => PyAsyncTestHost.Run(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
