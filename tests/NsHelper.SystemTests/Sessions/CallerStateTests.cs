using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>
/// Why it exists: exec-child-state. Whatever state a caller is in, a session is what its profile promises and keeps of the caller what is to be kept, in
/// everything a process can know of itself; the tests of single attributes do not notice the one that nobody thought of.
/// </summary>
public sealed class CallerStateTests : SystemTest
{
    public static TheoryData<string> States => [.. CallerState.All.Select(state => state.Name)];

    [Theory]
    [MemberData(nameof(States))]
    public void In_each_shipped_profile_everything_is_as_promised_or_the_callers(string name)
    {
        CallerState state = CallerState.All.Single(state => state.Name == name);
        ExpectShare("u12001.workspace");
        string pidFile = Temporary("/mnt/probe/started");
        var differences = new List<string>();
        foreach (string profile in ShippedProfileTests.Names)
        {
            SessionResult result = state.Of(InstallShipped(profile).Run(TestHost.ProbeOutsideMnt).Named(state.ArgumentZero), pidFile).Execute();
            string[] started = File.ReadAllText(pidFile).Split(' ');
            if (state.Refusal is not null || state.EndsBy is not null)
            {
                differences.AddRange(Ending(state, result).Select(sentence => $"{profile}: {sentence}"));
                continue;
            }

            if (result.ExitStatus != 0 || result.Error.Length > 0)
            {
                differences.Add($"{profile}: {result}");
                continue;
            }

            // After the session, which may have made a share: then that is on the host too.
            ProbeReport outside = state.Of(SessionCommand.Direct(TestHost.ProbeOutsideMnt), pidFile).Execute().Probe;
            var comparison = new ProbeComparison(state, ShippedPromise.Of(profile), result.Probe, outside, (started[0], started[1]));
            differences.AddRange(comparison.Differences().Select(sentence => $"{profile}: {sentence}"));
        }

        Assert.True(differences.Count == 0, $"from the state \"{name}\":\n  {string.Join("\n  ", differences)}");
    }

    private static IEnumerable<string> Ending(CallerState state, SessionResult result)
    {
        if (state.Refusal is string reason && !(result.ExitStatus == state.RefusalStatus && result.Output.Length == 0 && result.ErrorText.StartsWith("nshelper: ", StringComparison.Ordinal) && result.ErrorText.Contains(reason, StringComparison.Ordinal)))
        {
            yield return $"not refused because of \"{reason}\": {result}";
        }

        if (state.EndsBy is int signal && !(result.Signal == signal && result.Output.Length == 0))
        {
            yield return $"not ended by signal {signal}: {result}";
        }
    }
}
