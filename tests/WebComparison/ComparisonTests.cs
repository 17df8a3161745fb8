using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The same applications under Kestrel and under uvicorn, answer by answer.</summary>
public sealed class ComparisonTests(Contestants contestants)
{
    public static TheoryData<string> Names => [.. Questions.All.Select(static question => question.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answers_AreEqualOrDifferAsDeclared(string question)
    {
        PythonPackages packages = contestants.Needed();

        Answers answers = await contestants.Ask(Questions.All.Single(candidate => candidate.ToString() == question));

        if (Differences.Reason(question, packages.Uvicorn) is { } reason)
        {
            answers.AreEqual.ShouldBeFalse($"Both answer “{answers.Kestrel}”: remove the difference “{reason}” from the list.");
        }
        else
        {
            answers.Kestrel.ShouldBe(answers.Uvicorn);
        }
    }

    [Fact]
    public void Differences_NameQuestions() =>
        Differences.All.SelectMany(static difference => difference.Questions).Except(Questions.All.Select(static question => question.ToString())).ShouldBeEmpty();

    [Fact]
    public async Task RecordedAnswers_AreTodays()
    {
        PythonPackages packages = contestants.Needed();
        bool update = Environment.GetEnvironmentVariable("PYASYNC_UPDATE_REPORT") == "1";
        RecordedAnswers? recorded = RecordedAnswers.Read(packages);
        Assert.SkipWhen(recorded is null && !update, $"No answers are recorded for uvicorn {packages.Uvicorn} on Python {packages.Python}. Type: PYASYNC_UPDATE_REPORT=1 and run this again");

        var today = new RecordedAnswers(packages, []);
        foreach (Question question in Questions.All)
        {
            today.All[question.ToString()] = await contestants.Ask(question);
        }

        if (update)
        {
            today.Write();
            Report.Write();
            return;
        }

        today.All.Where(answer => recorded!.All.GetValueOrDefault(answer.Key) != answer.Value).Select(answer => $"{answer.Key}: {answer.Value}, recorded {recorded!.All.GetValueOrDefault(answer.Key)}")
            .ShouldBeEmpty("If this is right, set PYASYNC_UPDATE_REPORT=1 and run it again.");
    }

    [Fact]
    public void Report_HasTheRecordedAnswers() => File.ReadAllText(Report.Path).ShouldBe(Report.Render(), "Set PYASYNC_UPDATE_REPORT=1 and run it again.");
}
