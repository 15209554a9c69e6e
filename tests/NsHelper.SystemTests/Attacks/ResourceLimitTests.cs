using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: exec-rlimits (CVE-2011-1675, CVE-2011-1677, CVE-2011-1089). A small limit cuts a privileged step in half; and a limit that the
/// helper raised for itself must not stay raised for the user.
/// </summary>
public sealed class ResourceLimitTests : SystemTest
{
    private const long Infinity = -1;

    public ResourceLimitTests() => Install("t", "[protect]\nprivate_tmp = true");

    public static TheoryData<int, long> Limits => new()
    {
        { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 4096 }, { 2, 0 }, { 2, 1 << 20 }, { 3, 0 }, { 3, 65536 }, { 4, 0 }, { 5, 0 },
        { 6, 0 }, { 6, 1 }, { 7, 0 }, { 7, 3 }, { 7, 5 }, { 7, 20 }, { 8, 0 }, { 9, 0 }, { 9, 30 << 20 }, { 9, 60 << 20 }, { 10, 0 }, { 11, 0 }, { 12, 0 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_hard_limit_ends_the_start_cleanly_or_is_still_there_in_the_session(int resource, long value)
    {
        SessionResult result = SessionCommand.Run("t", TestHost.Probe).Limit(resource, value, value).Execute();
        Assert.False(result.TimedOut, result.ToString());
        Confinement.MustBeWholeOrAbsent(result, TestUser.Alice, $"limit {resource} = {value}");
        Assert.True(result.Error.Count(b => b == (byte)'\n') <= 2, result.ToString());
        if (result.Output.Length > 0)
        {
            Assert.Equal($"{value}:{value}", result.Probe.Limits[resource]);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(7, 4)]
    [InlineData(7, 6)]
    public void A_soft_limit_does_not_disturb_the_helper_and_is_back_in_the_session(int resource, long soft)
    {
        // Read from outside: a report needs descriptors of its own, which the restored limit denies.
        long hard = resource == 7 ? 1000 : Infinity;
        RunningSession session = Start(SessionCommand.Run("t", TestHost.Probe, "hold", "/mnt/srv/never").Limit(resource, soft, hard)).WaitForCommand();
        string[] words = File.ReadAllLines($"/proc/{session.Pid}/limits")[resource + 1][26..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([$"{soft}", hard == Infinity ? "unlimited" : $"{hard}"], words[..2]);
    }

    [Fact]
    public void The_limits_of_an_ordinary_caller_arrive_unchanged()
    {
        SessionCommand command = SessionCommand.Direct(TestHost.Probe).Limit(1, 1 << 30, 1 << 31).Limit(3, 1 << 20, 1 << 24).Limit(4, Infinity, Infinity).Limit(7, 64, 256).Limit(9, 1L << 33, 1L << 34);
        IReadOnlyList<string> direct = command.Execute().Probe.Limits;
        IReadOnlyList<string> session = (SessionCommand.Run("t", TestHost.Probe) with { Options = command.Options }).Execute().Probe.Limits;
        Assert.Equal(direct, session);
    }
}
