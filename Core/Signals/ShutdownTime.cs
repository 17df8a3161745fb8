using System.Diagnostics;
using System.Globalization;

namespace PyAsync.Signals;

/// <summary>Measures the time that a runtime has for its end. From any thread.</summary>
internal sealed class ShutdownTime
{
    /// <summary>The minimum time that cancelled work gets, unless <see cref="PyAsyncOptions.ShutdownTimeout"/> is shorter.</summary>
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _cutShort = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _granted;
    private TimeSpan _length;
    private long _began;
    private bool _isEnd;
    private bool _isHosts;

    /// <param name="granted"><see cref="PyAsyncOptions.ShutdownTimeout"/>.</param>
    public ShutdownTime(TimeSpan granted)
    {
        _granted = granted;
        _length = granted;
    }

    /// <summary>Gets the remaining time; zero or more.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_lock)
            {
                TimeSpan left = _length - Elapsed;
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Gets the time that the end has waited: for messages.</summary>
    public string Waited
    {
        get
        {
            lock (_lock)
            {
                return $"{Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
            }
        }
    }

    /// <summary>Gets the setting that limits the time: for messages.</summary>
    public string Limit
    {
        get
        {
            lock (_lock)
            {
                return _isHosts ? "the host's HostOptions.ShutdownTimeout was up" : $"ShutdownTimeout is {_granted}";
            }
        }
    }

    /// <summary>Gets a Task that completes when the time was shortened (<see cref="CutTo"/>) and is over.</summary>
    public Task CutShort => _cutShort.Task;

    private TimeSpan Elapsed => _began == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_began);

    /// <summary>Begins the time when a signal interrupts the run. A second signal changes nothing.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            if (_began == 0)
            {
                _began = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>Discards the beginning: the run that a signal interrupted is over, and another one begins.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _began = 0;
        }
    }

    /// <summary>Begins the time, or continues that of the signal. Work that is cancelled only now gets a short time even if the signal's is over.</summary>
    public void BeginEnd()
    {
        lock (_lock)
        {
            if (_isEnd)
            {
                return;
            }

            _isEnd = true;
            if (_began == 0)
            {
                _began = Stopwatch.GetTimestamp();
                return;
            }

            TimeSpan least = Elapsed + (_granted < s_least ? _granted : s_least);
            _length = _length > least ? _length : least;
        }
    }

    /// <summary>Shortens the time of a runtime that ends after its host to the rest of the host's time, if that is shorter.</summary>
    public void CutToHost(TimeSpan rest)
    {
        lock (_lock)
        {
            if (_length <= Elapsed + rest)
            {
                return;
            }

            _isHosts = true;
        }

        CutTo(rest);
    }

    /// <summary>Shortens the remaining time: the host or the process ends.</summary>
    public void CutTo(TimeSpan rest)
    {
        lock (_lock)
        {
            TimeSpan length = Elapsed + rest;
            _length = _length < length ? _length : length;
        }

        _ = Task.Delay(rest).ContinueWith(_ => _cutShort.TrySetResult(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
