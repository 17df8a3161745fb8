using PyAsync.Testing;
using PyAsync.Tests;

return args switch
{
    ["--child", "serve", var application] => await KestrelProcess.Run(application),
    _ => PyAsyncTestHost.Run(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
