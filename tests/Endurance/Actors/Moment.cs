namespace PyAsync.Endurance;

/// <summary>A time after the start of some work, at which another side interferes.</summary>
/// <param name="Yields">The number of turns that the thread pool has first.</param>
/// <param name="Milliseconds">The time to wait after that.</param>
/// <param name="IsBefore">True if it is before the start.</param>
internal readonly record struct Moment(int Yields, int Milliseconds, bool IsBefore)
{
    public static Moment Choose(Random random) => random.Next(6) switch
    {
        0 => new(0, 0, IsBefore: true),
        1 => new(0, 0, IsBefore: false),
        2 => new(random.Next(1, 50), 0, IsBefore: false),
        _ => new(0, random.Next(1, 4), IsBefore: false),
    };

    public async Task Wait()
    {
        for (int i = 0; i < Yields; i++)
        {
            await Task.Yield();
        }

        if (Milliseconds > 0)
        {
            await Task.Delay(Milliseconds);
        }
    }
}
