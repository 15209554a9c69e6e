using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E, what is hidden and what exists. A path that a profile hides must not come back by a door that was open before, and no answer of
/// the helper may tell what lies behind a directory that only root may enter (CVE-2018-6556, CVE-2025-46804).
/// </summary>
public sealed class HiddenPathTests : SystemTest
{
    private const string Secret = "/mnt/srv/secret";
    private const string Text = "what the profile hides";

    public HiddenPathTests()
    {
        Directory.CreateDirectory(Temporary(Secret));
        File.WriteAllText($"{Secret}/note", Text);
        Posix.Chown(Secret, 12001, 12001);
    }

    /// <summary>mnt-hide-bypass: unmounting, a user namespace of one's own, the directory one came in, one's standard input, another descriptor, the empty mount itself.</summary>
    [Theory]
    [InlineData("umount /mnt/srv/secret; cat /mnt/srv/secret/note")]
    [InlineData("unshare -Urm sh -c 'umount /mnt/srv/secret; umount -l /mnt/srv/secret; cat /mnt/srv/secret/note'")]
    [InlineData("unshare -Urm sh -c 'mkdir /tmp/n; mount --bind /mnt/srv /tmp/n; cat /tmp/n/secret/note'")]
    [InlineData("unshare -Urm sh -c 'mkdir /tmp/n; mount --rbind /mnt/srv /tmp/n; umount /tmp/n/secret; cat /tmp/n/secret/note'")]
    [InlineData("cat note ./note ../secret/note")]
    [InlineData("cat /proc/self/fd/0/note")]
    [InlineData("cd /proc/self/fd/0; cat note")]
    [InlineData("for f in /proc/self/fd/*; do cat $f/note; done")]
    [InlineData("for f in /proc/$PPID/cwd /proc/$PPID/root/mnt/srv/secret /proc/self/root/mnt/srv/secret; do cat $f/note; done")]
    public void A_hidden_directory_does_not_come_back(string attempt)
    {
        Install("hide", $"[protect]\nprivate_tmp = true\ninaccessible_paths = [\"{Secret}\"]");
        Install("open", "[protect]\nprivate_tmp = true");
        Assert.DoesNotContain(Text, Try("hide", attempt), StringComparison.Ordinal);

        // The doors are there: with nothing hidden each ordinary way reads it.
        Assert.Contains(Text, Try("open", "cat /mnt/srv/secret/note"), StringComparison.Ordinal);
    }

    /// <summary>The probes of the test above work where nothing closes the doors: a mount over the directory alone hides it from none of them.</summary>
    [Theory]
    [InlineData("cat ./note")]
    [InlineData("cat /proc/self/fd/0/note")]
    public void A_mount_over_it_alone_would_not_hide_it(string attempt)
    {
        SessionResult result = SessionCommand.Direct(
            "/usr/bin/unshare", "-m", "/bin/sh", "-c",
            $"cd {Secret}; exec <.; mount -t tmpfs none {Secret}; exec setpriv --reuid 12001 --regid 12001 --clear-groups sh -c '{attempt}'").As(TestUser.Root).Execute();
        Assert.Equal(Text, result.OutputText);
    }

    /// <summary>mnt-existence-oracle: what the user can name is looked up with the user's rights: what is there and what is not there give the same words and the same calls (but for those of memory, whose number is chance).</summary>
    [Theory]
    [InlineData("run --set dir=PATH p -- /bin/true")]
    [InlineData("explain --set dir=PATH p -- /bin/true")]
    [InlineData("run --chdir PATH t -- /bin/true")]
    [InlineData("run t -- PATH")]
    [InlineData("allowed t -- PATH")]
    [InlineData("check PATH")]
    [InlineData("changes --export PATH t")]
    public void What_lies_behind_roots_directory_is_told_by_nothing(string words)
    {
        Install("t");
        Install("p", $"[parameters.dir]\ntype = \"path_below\"\nbase = \"{TestHost.CanaryDirectory}\"\n[[mount]]\nsource = \"{{dir}}\"\ntarget = \"{TestUser.Alice.MakeDirectory("at")}\"\noptional = true\n");
        (string answer, string calls) there = Observed("secret");
        (string answer, string calls) absent = Observed("absent");
        Assert.Equal(absent.answer, there.answer);
        Assert.Equal(absent.calls, there.calls);

        (string, string) Observed(string name)
        {
            string path = $"{TestHost.CanaryDirectory}/{name}";
            SessionCommand command = SessionCommand.Helper(words.Replace("PATH", path, StringComparison.Ordinal).Split(' '));
            SessionResult result = command.Execute();
            Trace trace = Trace.Of(command);
            return (Unnamed($"{result.ExitStatus} {result.OutputText} {result.ErrorText}"), string.Join('\n', trace.OrderedCalls.Where(call => call.Name is not ("mmap" or "munmap" or "madvise" or "mprotect" or "brk")).Select(call => $"{call.Name} {call.Error}")));

            string Unnamed(string text) => System.Text.RegularExpressions.Regex.Replace(text.Replace(path, "PATH", StringComparison.Ordinal), "[0-9a-f]{32}", "SESSION");
        }
    }

    /// <summary>Starts it in the hidden directory, with that as standard input and as another descriptor.</summary>
    private static string Try(string profile, string attempt)
    {
        SessionResult result = SessionCommand.Direct(
            "/bin/sh", "-c", $"cd {Secret}; exec <. 7<. 9</mnt/srv/secret/note; exec {TestHost.Helper} run {profile} -- /bin/sh -c \"$0\"", attempt).Execute();
        return result.OutputText + result.ErrorText;
    }
}
