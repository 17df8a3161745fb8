namespace PyAsync.Endurance;

/// <summary>Work that needs a separate process: its exit code and its output are the result.</summary>
internal abstract class ChildActor : Actor
{
    public override int Share => 12;

    /// <summary>Runs a child and compares: the exit code, the whole output, and that nothing is in the error stream.</summary>
    protected async Task Expect(Piece piece, ChildProcess child, int code, string output)
    {
        try
        {
            (int actualCode, string actualOutput, string errors) = await child.Run();
            if (actualCode == code && actualOutput == output && errors.Length == 0)
            {
                piece.End(Outcome.Result);
            }
            else
            {
                piece.EndWrong($"{child}: exit code {actualCode}, {code} expected; output \"{actualOutput}\", \"{output}\" expected; errors \"{errors}\"");
            }
        }
        catch (TimeoutException e)
        {
            piece.EndWrong(e.Message);
        }
    }
}
