using System.Globalization;
using PyAsync;
using PyAsync.Benchmarks;

// Not the current culture, which would flow with all measured code.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case [StartSuite.ChildArgument, var loop]:
        await StartSuite.RunChild(Loop(loop));
        return 0;
    case [ParkedSuite.ChildArgument, var loop, var who]:
        await ParkedSuite.RunChild(Loop(loop), who);
        return 0;
    case [Measuring.ChildArgument, var loop, var output, .. var options]:
        return await Measuring.Run(Loop(loop), output, Options.Parse(options));
    case [RepeatSuite.Argument, var what, .. var rest]:
        await Measuring.Repeat(what, rest.ElementAtOrDefault(0) ?? BackendCase.All[0].Name, Loop(rest.ElementAtOrDefault(1) ?? "asyncio"));
        return 0;
    case ["--render"]:
        WholeRun.Render();
        return 0;
    default:
        return await WholeRun.Run(Options.Parse(args));
}

static EventLoopFactory Loop(string name) => name switch
{
    "asyncio" => new AsyncioLoopFactory(),
    "uvloop" => new UvloopFactory(),
    _ => throw new ArgumentException($"\"{name}\" is not a measured loop: use asyncio or uvloop."),
};
