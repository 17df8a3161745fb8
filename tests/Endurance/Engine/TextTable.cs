namespace PyAsync.Endurance;

/// <summary>A table that is also one of Markdown.</summary>
internal sealed class TextTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] row) => _rows.Add(row);

    public void Print()
    {
        int[] widths = [.. columns.Select((column, i) => _rows.Select(row => row[i].Length).Append(column.Length).Max())];
        PrintRow(columns);
        Console.WriteLine("|" + string.Join("|", widths.Select(static (width, i) => i == 0 ? new string('-', width + 2) : new string('-', width + 1) + ":")) + "|");
        foreach (string[] row in _rows)
        {
            PrintRow(row);
        }

        Console.WriteLine();

        void PrintRow(string[] cells) =>
            Console.WriteLine("| " + string.Join(" | ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))) + " |");
    }
}
