using PyAsync.Testing;
using PyAsync.Tests;

return args switch
{
    ["--child", "memory", var operation] => MemoryScenario.Run(operation),
    _ => PyAsyncTestHost.Run(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
