using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace PyAsync.Benchmarks;

/// <summary>Draws the cost per item by the number of items awaited at once, as SVG that is legible on a light page and on a dark one.</summary>
internal static partial class SvgCharts
{
    private const int Width = 900;
    private const int Height = 400;

    // Mid tones: each has a contrast of at least 3 with white and with near black.
    private static readonly OxyColor[] s_ours = [OxyColor.FromRgb(0x2F, 0x81, 0xF7), OxyColor.FromRgb(0x8A, 0x63, 0xD2), OxyColor.FromRgb(0x1A, 0x9B, 0x4B)];
    private static readonly OxyColor s_pythonAlone = OxyColor.FromRgb(0x84, 0x8D, 0x97);
    private static readonly OxyColor s_pythonsThreads = OxyColor.FromRgb(0xD4, 0x76, 0x1A);
    private static readonly OxyColor s_grid = OxyColor.FromArgb(0x50, 0x84, 0x8D, 0x97);

    // The page background, and everything that OxyPlot draws black, follow the colour scheme of the reader's system. The background is drawn, because a
    // site's own scheme may differ.
    private const string Style = """
          <style>
            .page { fill: #ffffff; }
            text { fill: #24292f; font-family: "Segoe UI", Helvetica, Arial, sans-serif; }
            [style*="stroke:black"] { stroke: #57606a !important; }
            @media (prefers-color-scheme: dark) {
              .page { fill: #0d1117; }
              text { fill: #d1d7e0; }
              [style*="stroke:black"] { stroke: #9198a1 !important; }
            }
          </style>
          <rect class="page" width="100%" height="100%" rx="6" />
        """;

    /// <summary>Gets the file name of a chart. Those of the newest Python keep their names from one Python to the next.</summary>
    public static string FileName(string chart, ProcessResults process, bool isOfNewest) =>
        $"{chart}{(process.Loop == "asyncio" ? "" : $"-{process.Loop}")}{(isOfNewest ? "" : $"-{process.PythonMinor}")}.svg";

    public static void Write(string folder, ProcessResults results, bool isOfNewest)
    {
        Directory.CreateDirectory(folder);
        foreach (IGrouping<string, ChartPoint> chart in results.Points.GroupBy(static point => point.Chart))
        {
            string svg = Draw($"{Charts.Titles[chart.Key]} ({results.Loop}, Python {results.PythonMinor})", [.. chart]);
            File.WriteAllText(Path.Combine(folder, FileName(chart.Key, results, isOfNewest)), svg);
        }
    }

    private static string Draw(string title, IReadOnlyCollection<ChartPoint> points)
    {
        var model = new PlotModel
        {
            Title = title,
            TitleFontSize = 15,
            TitleFontWeight = FontWeights.Bold,
            PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1),
            
            // Space at the right for a font that is wider than the one with which the legend is measured.
            Padding = new OxyThickness(8, 8, 72, 8),
        };
        model.Axes.Add(Axis(AxisPosition.Bottom, "awaited at once"));
        LogarithmicAxis cost = Axis(AxisPosition.Left, "µs per item");
        cost.Minimum = Math.Pow(10, Math.Floor(Math.Log10(points.Min(static point => point.Microseconds))));
        model.Axes.Add(cost);
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.RightTop, LegendPlacement = LegendPlacement.Outside, LegendFontSize = 13, LegendLineSpacing = 7 });
        int ours = 0;
        foreach (IGrouping<string, ChartPoint> line in points.GroupBy(static point => point.Series))
        {
            bool isOurs = line.Key.StartsWith("PyAsync", StringComparison.Ordinal);
            OxyColor color = isOurs ? s_ours[ours++ % s_ours.Length] : line.Key == Charts.PythonAlone ? s_pythonAlone : s_pythonsThreads;
            var series = new LineSeries
            {
                Title = line.Key,
                Color = color,
                StrokeThickness = isOurs ? 2.5 : 2,
                LineStyle = isOurs ? LineStyle.Solid : LineStyle.Dash,
                MarkerType = isOurs ? MarkerType.Circle : MarkerType.Square,
                MarkerSize = 4,
                MarkerFill = color,
            };
            series.Points.AddRange(line.OrderBy(static point => point.AtOnce).Select(static point => new DataPoint(point.AtOnce, point.Microseconds)));
            model.Series.Add(series);
        }

        return Export(model, Height);
    }

    /// <summary>Writes a chart in the style of all charts.</summary>
    public static string Export(PlotModel model, int height)
    {
        using var stream = new MemoryStream();
        new SvgExporter { Width = Width, Height = height, UseVerticalTextAlignmentWorkaround = true }.Export(model, stream);

        // The legend would be cut off at its measured width; nothing else extends over its edge.
        string svg = ClipPath().Replace(Encoding.UTF8.GetString(stream.ToArray()).TrimStart('\uFEFF').ReplaceLineEndings("\n"), "");
        int afterTag = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 2;
        return svg.Insert(afterTag, Style.ReplaceLineEndings("\n") + "\n").Insert(afterTag - 2, $" viewBox=\"0 0 {Width} {height}\"");
    }

    [GeneratedRegex("clip-path=\"url[^\"]*\"")]
    private static partial Regex ClipPath();

    private static LogarithmicAxis Axis(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        TitleFontSize = 13,
        FontSize = 13,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = s_grid,
        MinorTickSize = 0,
        AxisTitleDistance = 12,
        AxislineStyle = LineStyle.None,
        PowerPadding = true,
        LabelFormatter = static value => value.ToString(value < 1 ? "0.##" : "N0", CultureInfo.InvariantCulture),
    };
}
