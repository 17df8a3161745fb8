using System.Buffers;
using System.Numerics.Tensors;

namespace Buffers;

/// <summary>numpy and C# use the same memory, in both directions, without a copy.</summary>
internal static class Program
{
    [PyAsyncMain]
    internal static async Task MainAsync(IRuntime runtime, CancellationToken cancellationToken)
    {
        using PyObject images = PyObject.Import("images");
        using PyObject gradient = images.GetAttr("gradient"), brightest = images.GetAttr("brightest"), stripes = images.GetAttr("stripes");

        // An array of numpy in C#. The event loop's thread takes the buffer, and other threads use it, without the GIL.
        using (PyBuffer<float> image = await runtime.CallAsync(gradient, [480, 640], PyConvert.Buffer<float>(), cancellationToken))
        {
            await Task.Run(() => TensorPrimitives.Multiply(image.Span, 2, image.Span), cancellationToken);
            Console.WriteLine($"{image.Lengths[0]} x {image.Lengths[1]} pixels of format '{image.Format}', the last one is {image.TensorSpan[479, 639]}");
        }

        Console.WriteLine($"numpy's maximum is {await runtime.CallAsync<double>(brightest, cancellationToken: cancellationToken)}");

        // Memory of a pool in numpy. It returns to the pool when Python has released it.
        IMemoryOwner<float> frame = MemoryPool<float>.Shared.Rent(480 * 640);
        using PyObject view = PyObject.FromMemory(frame, [480, 640]);
        PyTuple painted = (PyTuple)(await runtime.CallAsync<object>(stripes, [view], cancellationToken))!;
        Console.WriteLine($"numpy painted {painted}: {TensorPrimitives.Sum(frame.Memory.Span[..(480 * 640)])} white pixels");
    }
}
