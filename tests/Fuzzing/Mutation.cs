namespace PyAsync.Tests;

/// <summary>Damages a file at random: bits, bytes, numbers at the limits, pieces that are copied, cut or filled.</summary>
internal static class Mutation
{
    private static readonly byte[][] s_numbers =
    [
        [0], [0xFF], [0x7F], [0x80], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 0, 0, 0],
    ];

    /// <param name="random">The same numbers give the same damage.</param>
    /// <param name="file">The file as it was.</param>
    /// <param name="places">Where the file's structures are: half of the damage is done there. Empty for anywhere.</param>
    public static byte[] Damage(Random random, byte[] file, params (int Start, int Length)[] places)
    {
        byte[] damaged = [.. file];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            (int start, int length) = places.Length > 0 && random.Next(2) == 0 ? places[random.Next(places.Length)] : (0, damaged.Length);
            int at = Math.Min(start + random.Next(Math.Max(1, length)), damaged.Length - 1);
            if (at < 0)
            {
                break;
            }

            switch (random.Next(6))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged[at] = (byte)random.Next(256);
                    break;
                case 2:
                    byte[] number = s_numbers[random.Next(s_numbers.Length)];
                    number.AsSpan(0, Math.Min(number.Length, damaged.Length - at)).CopyTo(damaged.AsSpan(at));
                    break;
                case 3:
                    int from = random.Next(damaged.Length), count = Math.Min(random.Next(64), damaged.Length - Math.Max(from, at));
                    damaged.AsSpan(from, count).ToArray().CopyTo(damaged, at);
                    break;
                case 4 when random.Next(4) == 0:
                    damaged = damaged[..at];
                    break;
                default:
                    damaged.AsSpan(at, Math.Min(random.Next(32), damaged.Length - at)).Fill((byte)random.Next(256));
                    break;
            }
        }

        return damaged;
    }
}
