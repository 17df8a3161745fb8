using PyAsync.Testing;
using PyAsync.Tests;

return args switch
{
    ["--child", "start", .. var arguments] => StartScenarios.Run(arguments),
    _ => PyAsyncTestHost.Run(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
