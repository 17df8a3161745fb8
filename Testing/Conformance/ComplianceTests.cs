using System.Reflection;
using Shouldly;
using Xunit;

namespace PyAsync.Testing;

/// <summary>Fails for a backend whose tests omit a class of the suite.</summary>
/// <typeparam name="TFixture">The backend's fixture, whose assembly is checked.</typeparam>
public abstract class ComplianceTests<TFixture>
    where TFixture : RuntimeFixture
{
    [Fact]
    public void All_classes_of_the_suite_are_derived_from()
    {
        Type[] own = typeof(TFixture).Assembly.GetTypes();
        string[] missing =
        [
            .. from suite in typeof(ComplianceTests<>).Assembly.GetTypes()
               where suite is { IsAbstract: true, IsPublic: true, IsGenericTypeDefinition: true } && suite != typeof(ConformanceTests<>)
               where suite.BaseType is { IsGenericType: true } parent && parent.GetGenericTypeDefinition() == typeof(ConformanceTests<>)
               where !own.Any(type => !type.IsAbstract && type.IsSubclassOf(suite.MakeGenericType(typeof(TFixture))))
               select suite.Name[..suite.Name.IndexOf('`', StringComparison.Ordinal)],
        ];
        missing.ShouldBeEmpty();
    }
}
