using System.Runtime.CompilerServices;

namespace Shop;

/// <summary>A shop: one of everything that a module may have.</summary>
[PyModule("acme.shop")]
internal static class ShopModule
{
    /// <summary>The currency of all prices.</summary>
    [PyConstant]
    internal const string Currency = "EUR";

    [PyConstant("opening_hours")]
    public static IReadOnlyList<(int, int)>? Hours => [(8, 12), (14, 18)];

    /// <summary>Adds two numbers.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    /// <returns>The sum.</returns>
    [PyFunction]
    public static int Add(int left, int right = 1) => left + right;

    /// <summary>The kinds of tea.</summary>
    public enum Tea
    {
        /// <summary>From Assam.</summary>
        Assam = 1,
        EarlGrey,
        Black = Assam,
    }

    [Flags]
    public enum Extras : sbyte
    {
        None,
        Milk = 1,
        Sugar = 2,
        All = -1,
    }

    /// <summary>Makes tea.</summary>
    [PyFunction]
    public static Tea? Brew(Tea tea = Tea.EarlGrey, Extras extras = Extras.Milk | Extras.Sugar, Extras? more = null, params Tea[] others) => others.Length == 0 ? tea : null;

    [PyFunction]
    public static string Label(string text, string? prefix = null, bool loud = false, double factor = 1.5, DayOfWeek day = DayOfWeek.Friday, params long[] numbers) =>
        $"{prefix}{text}{loud}{factor}{day}{numbers.Length}";

    /// <summary>Sleeps.</summary>
    /// <param name="seconds">For how long.</param>
    /// <param name="cancellationToken">Fires when Python cancels.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is negative.</exception>
    [PyFunction]
    public static async Task SleepAsync(double seconds, CancellationToken cancellationToken = default) => await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);

    /// <summary>Goes to the thread pool at once.</summary>
    [PyFunction("compute", Start = PyStart.Scheduled, Cancel = CancelBehavior.Abandon)]
    public static ValueTask<IReadOnlyList<int>> ComputeAsync(IReadOnlyList<int> items, int? limit, CancellationToken cancellationToken) => new(items);

    /// <summary>Awaits what Python passes.</summary>
    /// <param name="runtime">Filled in.</param>
    /// <param name="context">Filled in.</param>
    /// <param name="awaitable">What to await.</param>
    [PyFunction]
    public static Task<PyObject> ThroughAsync(IRuntime runtime, EventLoopContext context, PyObject awaitable, CancellationToken cancellationToken) =>
        runtime.In(context).IntoFuture(awaitable, cancellationToken);

    /// <summary>Orders, when it is awaited.</summary>
    /// <param name="call">What to order.</param>
    [PyFunction(Returns = PyAwaitable.Coroutine)]
    public static Task<string> OrderAsync(string call, CancellationToken cancellationToken) => Task.FromResult(call);

    /// <summary>Waits, when it is awaited, on the thread pool.</summary>
    [PyFunction(Returns = PyAwaitable.Coroutine, Start = PyStart.Scheduled)]
    public static Task WaitAsync() => Task.CompletedTask;

    /// <summary>Counts.</summary>
    [PyFunction]
    public static async IAsyncEnumerable<int> CountAsync(int to, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < to; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    [PyFunction]
    public static void Names(string @class, string call, string call_, string from) => Console.WriteLine(@class + call + call_ + from);

    [PyModuleInit]
    public static void Initialize(PyObject module, IRuntime runtime) => module.SetAttr("RUNTIME", PyObject.From(runtime.Name));

    /// <summary>A basket of purchases.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="runtime">Filled in.</param>
    [PyClass]
    public sealed class Basket(string owner, IRuntime runtime) : IAsyncDisposable, IAsyncEnumerable<string>
    {
        private readonly List<string> _items = [];

        /// <summary>The number of items.</summary>
        public int Count => _items.Count;

        /// <summary>Whose it is.</summary>
        public string? Owner { get; set; } = owner;

        /// <summary>Not for Python.</summary>
        [PyIgnore]
        public IRuntime Runtime => runtime;

        /// <summary>Puts something in.</summary>
        /// <param name="item">What.</param>
        /// <param name="cancellationToken">Fires when Python cancels.</param>
        public async Task<int> PutAsync(string item, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            _items.Add(item);
            return _items.Count;
        }

        /// <summary>A method whose name is like that of a property's reader.</summary>
        public int GetCount() => Count;

        public static Basket Parse(string text, IRuntime runtime) => new(text, runtime);

        public ValueTask DisposeAsync() => default;

        public async IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            foreach (string item in _items)
            {
                await Task.Yield();
                yield return item;
            }
        }

        public override string ToString() => $"{Owner}'s basket";
    }

    /// <summary>An iterator by hand.</summary>
    [PyClass]
    public class Ticker
    {
        private int _ticks;

        /// <summary>Begins.</summary>
        /// <param name="ticks">How often.</param>
        public Ticker(int ticks) => _ticks = ticks;

        [PyFunction("__anext__")]
        public async Task<int> TickAsync()
        {
            await Task.Yield();
            return _ticks > 0 ? _ticks-- : throw new StopAsyncIterationException();
        }
    }

    [PyClass]
    public sealed class LoudTicker(int ticks) : Ticker(ticks);
}
