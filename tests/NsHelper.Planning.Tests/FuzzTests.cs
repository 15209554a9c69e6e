using NsHelper.Fuzz;
using NsHelper.Planning.Tests.Profiles;
using Xunit.Abstractions;

namespace NsHelper.Planning.Tests;

/// <summary>
/// Why (cfg-parser-bomb, mnt-mountinfo-parse, arg-endopts): whatever is read, the answer is a value or a typed refusal, within a tenth of a second.
/// What `make fuzz` does for minutes, for as long as a test may take.
/// </summary>
[Collection(TimedTests.Name)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(9);

    [Fact]
    public void The_corpus_is_answered() => Assert.Empty(new Fuzzer(Sample.ReadAll(), 0, null).RunCorpus());

    [Fact]
    public void Mutations_from_a_fixed_seed_are_answered() => Answered(20_260_101);

    /// <summary>Every day other inputs; the seed is in the message of a failure, and the input too.</summary>
    [Fact]
    public void Mutations_from_the_seed_of_the_day_are_answered() => Answered((int)(DateTime.UtcNow - DateTime.UnixEpoch).TotalDays);

    private void Answered(int seed)
    {
        output.WriteLine($"seed {seed}");
        var fuzzer = new Fuzzer(Sample.ReadAll(), seed, null);
        for (TimeSpan start = ThreadTime.Now; ThreadTime.Now - start < Enough;)
        {
            Finding? finding = fuzzer.RunOne(null);
            Assert.True(finding is null, $"seed {seed}, input {fuzzer.Runs}: {finding}");
        }

        output.WriteLine($"{fuzzer.Runs} inputs, slowest {fuzzer.Slowest.TotalMilliseconds:F1} ms");
        Assert.True(fuzzer.Runs > 1000, "too few inputs to prove anything");
    }
}
