using PyAsync.Interop;

namespace PyAsync.Tests;

internal static partial class TestModule
{
    /// <summary>Counts up.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="step">By how much.</param>
    [PyClass]
    public class Counter(int start, int step = 1)
    {
        /// <summary>The current number.</summary>
        public int Value { get; private set; } = start;

        /// <summary>The name.</summary>
        public string? Label { get; set; }

        /// <summary>Not for Python.</summary>
        [PyIgnore]
        public Version Hidden => new(1, 0);

        /// <summary>Counts.</summary>
        /// <param name="times">How often.</param>
        public int Next(int times = 1) => Value += step * times;

        /// <summary>Counts, after a while.</summary>
        [PyFunction("next_after")]
        public async Task<int> NextAsync(double seconds, CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken).ConfigureAwait(false);
            return Next();
        }

        /// <summary>Counts, step by step.</summary>
        public async IAsyncEnumerable<int> NextOnesAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await Task.Yield();
                yield return Next();
            }
        }

        /// <summary>Itself.</summary>
        public Counter Same() => this;

        /// <summary>One like it.</summary>
        public Counter Copy() => new(Value, step) { Label = Label };

        /// <summary>From text.</summary>
        public static Counter Parse(string text) => new(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

        [PyFunction("__len__")]
        public int Length() => Value;

        [PyFunction("__getitem__")]
        public int Item(int index) => Value + index;

        public override string ToString() => $"counter at {Value}";
    }

    /// <summary>A counter that goes down.</summary>
    [PyClass]
    public sealed class DownCounter(int start) : Counter(start, -1)
    {
        public bool AtZero => Value == 0;
    }

    /// <summary>A class that is opened and closed.</summary>
    [PyClass("Session")]
    public sealed class TestSession(string name) : IAsyncDisposable, IDisposable, IAsyncEnumerable<string>
    {
        /// <summary>The number of open objects.</summary>
        public static int Open { get; set; }

        public bool IsOpen { get; private set; } = true;

        public async Task<string> AskAsync(string question)
        {
            await Task.Yield();
            return IsOpen ? $"{name}: {question}" : throw new ObjectDisposedException(name);
        }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            Dispose();
        }

        public void Dispose() => IsOpen = false;

        public async IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < 3; i++)
            {
                await Task.Yield();
                yield return $"{name}{i}";
            }
        }
    }

    /// <summary>Implements <c>async with</c> explicitly, with a result and an end.</summary>
    [PyClass]
    public sealed class Transaction
    {
        public string? End { get; private set; }

        [PyFunction("__aenter__")]
        public async Task<string> BeginAsync()
        {
            await Task.Yield();
            return "begun";
        }

        [PyFunction("__aexit__")]
        public async Task<bool> EndAsync(PyObject type, PyObject error, PyObject traceback)
        {
            await Task.Yield();
            End = error.IsNone ? "committed" : "rolled back";
            return !error.IsNone;
        }
    }

    /// <summary>Has its own end of <c>async with</c>, and the beginning that every IAsyncDisposable has.</summary>
    [PyClass]
    public sealed class Lease : IAsyncDisposable
    {
        public string? End { get; private set; }

        [PyFunction("__aexit__")]
        public Task EndAsync(object? type = null, object? error = null, object? traceback = null)
        {
            End = "given back";
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            End = "disposed";
            return default;
        }
    }

    /// <summary>An explicitly written iterator.</summary>
    [PyClass]
    public sealed class Ticker(int ticks)
    {
        private int _ticks = ticks;

        [PyFunction("__anext__")]
        public async Task<int> TickAsync()
        {
            await Task.Yield();
            return _ticks > 0 ? _ticks-- : throw new StopAsyncIterationException();
        }
    }

    /// <summary>Objects that only C# creates.</summary>
    [PyClass]
    public sealed class Ticket
    {
        private Ticket(int number) => Number = number;

        public int Number { get; }

        internal static Ticket Create(int number) => new(number);
    }

    [PyFunction]
    public static Ticket Issue(int number) => Ticket.Create(number);

    [PyFunction]
    public static async Task<Counter> MakeCounterAsync(int start)
    {
        await Task.Yield();
        return start < 0 ? new DownCounter(-start) : new Counter(start);
    }

    [PyFunction]
    public static int Total(IReadOnlyList<Counter> counters, Counter? extra = null) => counters.Sum(static counter => counter.Value) + (extra?.Value ?? 0);
}
