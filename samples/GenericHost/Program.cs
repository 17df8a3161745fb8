using GenericHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PyAsync;

// Backend and event loop are what appsettings.json, an environment variable (PyAsync__Backend) or the command line
// (--PyAsync:Backend=DedicatedThread --PyAsync:EventLoop=uvloop) say: nothing here knows them.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddPyAsync(builder.Configuration.GetSection(PyAsyncOptions.SectionName));
builder.Services.AddHealthChecks().AddPyAsync();
builder.Services.AddHostedService<OrderWorker>();
using IHost host = builder.Build();
await host.RunAsync();
