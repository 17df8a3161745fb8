using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace PyAsync.Benchmarks;

/// <summary>Draws the requests per second of both servers, a group of bars for each application.</summary>
internal static class WebChart
{
    private const string Rate = "requests per second";
    private static readonly OxyColor[] s_colors = [OxyColor.FromRgb(0x2F, 0x81, 0xF7), OxyColor.FromRgb(0x84, 0x8D, 0x97)];

    public static string FileName => "web.svg";

    public static void Write(string folder, ProcessResults results)
    {
        Directory.CreateDirectory(folder);
        (string Application, ResultTable Table)[] groups = [.. results.Tables.Where(static table => table.Unit == Rate).Select(static table => (table.Title[..table.Title.IndexOf(':')], table))];
        var model = new PlotModel { Title = "ASGI applications: requests per second", TitleFontSize = 15, TitleFontWeight = FontWeights.Bold, PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1), Padding = new OxyThickness(8, 8, 72, 8) };
        var applications = new CategoryAxis { Position = AxisPosition.Left, FontSize = 13, StartPosition = 1, EndPosition = 0, MajorTickSize = 0 };
        applications.Labels.AddRange(groups.Select(static group => group.Application));
        model.Axes.Add(applications);
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, FontSize = 13, Minimum = 0, LabelFormatter = static value => value.ToString("N0", System.Globalization.CultureInfo.InvariantCulture) });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.RightTop, LegendPlacement = LegendPlacement.Outside, LegendFontSize = 13, LegendLineSpacing = 7 });
        foreach ((int i, string server) in groups[0].Table.Rows.Select(static row => row.Name).Index())
        {
            var bars = new BarSeries { Title = server, FillColor = s_colors[i % s_colors.Length], StrokeThickness = 0 };
            bars.Items.AddRange(groups.Select(group => new BarItem(group.Table.Rows.Single(row => row.Name == server).Figure.Median)));
            model.Series.Add(bars);
        }

        File.WriteAllText(Path.Combine(folder, FileName), SvgCharts.Export(model, height: 260));
    }
}
