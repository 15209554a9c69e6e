using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: a session finds the program that started it in /proc, and can have the kernel execute it again (CVE-2019-5736: runc was overwritten so, from
/// a container).
/// </summary>
public sealed class OwnProgramTests : SystemTest
{
    private const string Home = "/mnt/home/alice";

    /// <summary>exec-self-overwrite: as interpreter of the user's own script, by every process that there is, and by its path.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("[namespaces]\npid = \"host\"\n")]
    public void No_way_to_the_helpers_own_program_can_be_written_to(string processes)
    {
        Install("t", processes);
        TestUser.Alice.Write("again", "#!/proc/self/exe\n");
        TestUser.Alice.Write("overwrite", $"""
            #!/bin/sh
            ln -sf {TestHost.Helper} {Home}/link
            for exe in /proc/[0-9]*/exe /proc/self/exe {TestHost.Helper} {Home}/link; do
                if (: >>$exe) 2>/dev/null; then echo "wrote $exe"; fi
            done
            cp /bin/true {Home}/new && mv {Home}/new {TestHost.Helper} 2>/dev/null && echo replaced
            exec 3<{TestHost.Helper} && (: >>/proc/self/fd/3) 2>/dev/null && echo "wrote a descriptor"
            {TestHost.Helper} run t -- /bin/echo nested
            echo done

            """);
        RootShell.Run($"chmod 755 {Home}/again {Home}/overwrite");

        // The kernel executes the helper for it, without its set-user-ID bit, and with the script's name as its first word.
        SessionResult again = SessionCommand.Run("t", $"{Home}/again").Execute();
        Assert.Equal((2, ""), (again.ExitStatus, again.OutputText));
        Assert.Contains("unknown verb", again.ErrorText, StringComparison.Ordinal);
        for (int i = 0; i < 5; i++)
        {
            RunningSession beside = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
            SessionResult result = SessionCommand.Run("t", $"{Home}/overwrite").Execute();
            Assert.Equal("done\n", result.OutputText);
            Assert.Equal("done\n", SessionCommand.Helper("run", "t", "--", $"{Home}/overwrite").Execute().OutputText);
            Posix.Kill(beside.Helper, Posix.SIGTERM);
            beside.Finish();
        }
    }
}
