namespace PyAsync.Benchmarks;

/// <summary>The promised bounds of one application.</summary>
/// <param name="Application">Its name in the report.</param>
/// <param name="RequestsPerSecond">The least share of uvicorn's requests per second.</param>
/// <param name="Percentile99">The greatest multiple of uvicorn's 99th percentile of the latency.</param>
/// <param name="PythonTime">The greatest share of the processor time of uvicorn's process that the Python thread uses per request.</param>
/// <param name="ProcessTime">The greatest multiple of the processor time of uvicorn's process that the whole process uses per request.</param>
internal sealed record WebBounds(string Application, double RequestsPerSecond, double Percentile99, double PythonTime, double ProcessTime)
{
    /// <summary>The pauses of the garbage collector per million requests, in milliseconds.</summary>
    public const double Pauses = 50;

    public static readonly WebBounds Raw = new("raw application", 0.95, 2, 0.35, 1.35);
    public static readonly WebBounds FastApi = new("FastAPI, JSON", 1.2, 1.5, 0.72, 1.25);
}
