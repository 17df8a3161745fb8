using System.Globalization;
using PyAsync.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    [KestrelServer.Argument, var application] => await KestrelServer.Run(application),
    [var output] => await WebMeasuring.Run(output, quick: false),
    [var output, "--quick"] => await WebMeasuring.Run(output, quick: true),
    _ => throw new ArgumentException("Usage: WebBenchmark FILE [--quick]: measures, and writes the file in the form of ProcessResults."),
};
