using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: a message goes where the caller wants it, and a pipe that nobody reads holds who writes to it. A process of root's that waits there
/// is none that its user can kill, and none that counts among his: any number of them could be made.
/// </summary>
public sealed class BlockedMessageTests : SystemTest
{
    private const string Caller = "12001\t12001\t12001\t12001";

    /// <summary>res-wait-unbounded</summary>
    [Theory]
    [InlineData("", "run none")]
    [InlineData("", "run --bad-option t")]
    [InlineData("", "run --set a=b t")]
    [InlineData("", "run --json-status-fd 9 t")]
    [InlineData("not toml", "run t")]
    [InlineData("[[mount]]\ntarget = \"/mnt\"\nsource = \"/mnt/nowhere\"", "run t")]
    [InlineData("[namespaces]\npid = \"host\"\n[[mount]]\ntarget = \"/mnt\"\nsource = \"/mnt/nowhere\"", "run t")]
    [InlineData("", "run t -- /no/such/command")]
    [InlineData("", "gc --bad-option")]
    [InlineData("", "changes --bad-option")]
    public void Who_waits_to_tell_something_is_the_callers(string lines, string arguments)
    {
        Install("t", lines);
        IsHeldAsTheCallers(SessionCommand.Direct("/bin/sh", "-c", Full($"exec {TestHost.Helper} {arguments} 2>&3")));
    }

    /// <summary>The same where not even start-up was done: a limit that it cannot raise, and root's rights that it does not have.</summary>
    [Fact]
    public void So_is_one_whose_start_up_failed()
    {
        Install("t", "");
        IsHeldAsTheCallers(SessionCommand.Direct("/bin/sh", "-c", Full($"exec {TestHost.Helper} run t 2>&3")).With("--securebits", "1"));
    }

    /// <summary>A shell with a full pipe as descriptor 3, that it reads itself no more than anybody.</summary>
    private static string Full(string script) => $"mkfifo {TestUser.Alice.Home}/full; exec 3<>{TestUser.Alice.Home}/full; dd if=/dev/zero of=/dev/fd/3 oflag=nonblock bs=4096 2>/dev/null; {script}";

    private void IsHeldAsTheCallers(SessionCommand command)
    {
        RunningSession start = Start(command);
        int held = 0;
        Wait.Until(() => start.HasExited || (held = ProcessEntry.OfHelper().FirstOrDefault(IsWriting)) != 0, () => "nobody waits to write");
        Assert.False(start.HasExited, "it ended, so it did not wait");
        Assert.Equal(Caller, ProcessEntry.Status(held, "Uid"));
        Assert.Equal(0, SessionCommand.Direct("/bin/sh", "-c", $"kill -9 {held}").Execute().ExitStatus);
        _ = start.Finish();
    }

    private static bool IsWriting(int pid) =>
        File.ReadAllText($"/proc/{pid}/syscall").StartsWith(FormattableString.Invariant($"{SystemCallNumbers.Of("write")} 0x2 "), StringComparison.Ordinal);
}
