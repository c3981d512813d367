using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Volute.Tests.Golden;

/// <summary>Feeds a theory with the recorded cases of a family, or of the named kinds in it, one test a case.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GoldenAttribute(string family, params string[] kinds) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var cases = GoldenFile.Of(family).Cases;
        foreach (string kind in kinds)
            Assert.Contains(cases, golden => golden.Kind == kind);
        return new([.. from golden in cases
                       where kinds.Length == 0 || kinds.Contains(golden.Kind)
                       select new TheoryDataRow<GoldenCase>(golden)]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
