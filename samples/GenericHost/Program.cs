using GenericHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// appsettings.json, an environment variable (PyAsync__Backend) or the command line (--PyAsync:Backend=DedicatedThread --PyAsync:EventLoop=uvloop)
// selects backend and event loop: the program does not depend on them.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddPyAsync(builder.Configuration.GetSection(PyAsyncOptions.SectionName));
builder.Services.AddHealthChecks().AddPyAsync();
builder.Services.AddHostedService<OrderWorker>();
using IHost host = builder.Build();
await host.RunAsync();
