namespace PyAsync.Configuration;

/// <summary>Finds names that a misspelt one may stand for.</summary>
internal static class SimilarNames
{
    /// <summary>True if the names differ in a few characters.</summary>
    /// <param name="other">The name that exists.</param>
    /// <param name="name">The name that may be misspelt.</param>
    public static bool Are(string other, string name) => other != name && Distance(other, name) <= Allowed(name);

    /// <summary>Gets the known name that is the most similar, in any case of letters; null if none is similar.</summary>
    public static string? Closest(IEnumerable<string> known, string name)
    {
        string upper = name.ToUpperInvariant();
        string? closest = null;
        int least = int.MaxValue;
        foreach (string other in known)
        {
            int distance = Distance(other.ToUpperInvariant(), upper);
            if (distance < least && distance <= Allowed(name))
            {
                closest = other;
                least = distance;
            }
        }

        return closest;
    }

    private static int Allowed(string name) => Math.Max(1, name.Length / 3);

    /// <summary>Counts the characters to insert, remove or replace.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = new int[b.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }

        return row[^1];
    }
}
