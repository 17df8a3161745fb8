using PyAsync.Testing;
using PyAsync.Tests;

return PyAsyncTestHost.Run(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
