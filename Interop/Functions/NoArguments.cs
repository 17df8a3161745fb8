using PyAsync.Modules;

namespace PyAsync.Functions;

/// <summary>A call without arguments.</summary>
internal sealed class NoArguments(CallTarget target) : TypedCall(target)
{
    protected override void Write(ref ArgumentWriter arguments)
    {
    }
}
