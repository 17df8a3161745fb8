using PyAsync.Testing;
using PyAsync.Tests;

return args switch
{
    ["--child", "start-error", var run, var folder] => StartErrorTests.RunChild(run, folder),
    ["--child", "blocked-shutdown", var block] => await BlockedShutdownTests.RunChild(block),
    _ => PyAsyncTestHost.Run(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
