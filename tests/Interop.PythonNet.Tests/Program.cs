using PyAsync.Testing;
using PyAsync.Tests;

return args switch
{
    ["--child", var scenario] => await LifetimeScenarios.Run(scenario),
    _ => PyAsyncTestHost.Run(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
