using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E, private directories. They are made as root for users, hold what users put there for years, and are found again by
/// a name: whoever gets another's instance, or root to follow what lies in one, has won.
/// </summary>
public sealed class PrivateDirectoryAttackTests : SystemTest
{
    private const string Target = "/mnt/srv/instance";
    private const string State = "/var/lib/nshelper";
    private const string Store = $"{State}/private";
    private const string Key = "private.disk.u12001.mnt-srv-instance";

    public PrivateDirectoryAttackTests() => Directory.CreateDirectory(Temporary(Target));

    /// <summary>mnt-instance-meet: targets that differ only in what stands for a slash, in memory and on disk, of one user in one session.</summary>
    [Fact]
    public void No_two_targets_are_one_instance()
    {
        string[] targets = ["/mnt/srv/a/b", "/mnt/srv/a.b", "/mnt/srv/a_b", "/mnt/srv/a-b", "/mnt/srv/a b"];
        string[] names = ["mnt-srv-a-b", "mnt-srv-a.b", "mnt-srv-a_b", @"mnt-srv-a\x2db", @"mnt-srv-a\x20b"];
        Directory.CreateDirectory(Temporary("/mnt/srv/a"));
        Array.ForEach(targets, target => Directory.CreateDirectory(Temporary(target)));
        string memory = "";
        string disk = "";
        for (int i = 0; i < targets.Length; i++)
        {
            ExpectShare($"private.u12001.{names[i]}");
            ExpectShare($"private.disk.u12001.{names[i]}");
            memory += $"[[private]]\ntarget = \"{targets[i]}\"\nscope = \"user\"\n";
            disk += $"[[private]]\ntarget = \"{targets[i]}\"\nscope = \"user\"\nmethod = \"directory\"\n";
        }

        Install("memory", memory);
        Install("disk", disk);
        string list = string.Concat(targets.Select(target => $"ls -A '{target}';"));
        Assert.Equal("", Run("memory", string.Concat(targets.Select((target, i) => $": >'{target}/memory{i}';"))));
        Assert.Equal("memory0\nmemory1\nmemory2\nmemory3\nmemory4\n", Run("memory", list));
        Assert.Equal("", Run("disk", list + string.Concat(targets.Select((target, i) => $": >'{target}/disk{i}';"))));
        Assert.Equal("disk0\ndisk1\ndisk2\ndisk3\ndisk4\n", Run("disk", list));
    }

    /// <summary>mnt-instance-meet: a share whose name is made to look like an instance is none.</summary>
    [Fact]
    public void A_share_is_never_an_instance()
    {
        ExpectShare("private.u12001.mnt-srv-instance");
        ExpectShare("u12001.mnt-srv-instance");
        Install("t", "[[private]]\ntarget = \"/mnt/srv/instance\"\nscope = \"user\"\n");
        Install("share", $"[[share]]\nname = \"mnt-srv-instance\"\ntarget = \"{Target}\"\nscope = \"user\"\n");
        Assert.Equal("", Run("t", $": >{Target}/secret"));
        Assert.Equal("", Run("share", $"ls -A {Target}"));
    }

    /// <summary>mnt-tmp-cleaner: of the places on the way nothing may be a link, another's, or open to others, at the first use and at each later one.</summary>
    [Theory]
    [InlineData("chmod 0755 S", "chmod 0700 S", "statx")]
    [InlineData("chown 12001 S", "chown 0 S", "statx")]
    [InlineData("chgrp 12001 S", "chgrp 0 S", "statx")]
    [InlineData("chmod 0711 S/..", "chmod 0700 S/..", "statx")]
    [InlineData("mv S S/../real; ln -s real S", "rm S; mv S/../real S", "openat2")]
    [InlineData("mv S S/../real", "mv S/../real S", "openat2: no such file")]
    public void A_store_that_somebody_else_shaped_is_refused(string defect, string repair, string message)
    {
        ExpectShare(Key);
        Install("t", OnDisk);
        foreach (bool first in new[] { true, false })
        {
            RootShell.Run(defect.Replace("S/..", State, StringComparison.Ordinal).Replace("S", Store, StringComparison.Ordinal));
            SessionResult refused = SessionCommand.Run("t", "/bin/true").Execute();
            RootShell.Run(repair.Replace("S/..", State, StringComparison.Ordinal).Replace("S", Store, StringComparison.Ordinal));
            MustBeRefused(refused, message);
            Assert.Contains("cannot prepare the private directory at ", refused.ErrorText, StringComparison.Ordinal);
            Assert.False(Directory.Exists($"{Store}/{Key}") && first);
            Assert.Equal("", Run("t", "true"));
        }
    }

    /// <summary>mnt-tmp-cleaner: what stands where the instance should: another's directory, a file, a link.</summary>
    [Theory]
    [InlineData("mkdir -m 0777 KEY; chown 12002 KEY")]
    [InlineData("mkdir -m 0777 KEY")]
    [InlineData("touch KEY; chown 12001 KEY")]
    [InlineData("mkdir OTHER; chown 12001 OTHER; ln -s OTHER KEY")]
    public void Something_else_in_its_place_is_refused(string planted)
    {
        const string other = $"{State}/other";
        ExpectShare(Key);
        Undo(() => RootShell.Run($"rm -rf {Store}/{Key} {other}"));
        RootShell.Run(planted.Replace("KEY", $"{Store}/{Key}", StringComparison.Ordinal).Replace("OTHER", other, StringComparison.Ordinal));
        Install("t", OnDisk);
        MustBeRefused(SessionCommand.Run("t", "/bin/true").Execute(), $"cannot prepare the private directory at {Store}/{Key}");
    }

    /// <summary>mnt-target-symlink: what the user renames and replaces in the instance never moves a mount of the profile out of it.</summary>
    [Theory]
    [InlineData("ln -s /mnt/srv/elsewhere I/place")]
    [InlineData("ln -s ../../../mnt/srv/elsewhere I/place")]
    [InlineData("mkdir I/real; ln -s real I/place")]
    [InlineData(": >I/place")]
    public void What_a_user_leaves_in_an_instance_is_not_followed(string planted)
    {
        ExpectShare(Key);
        Directory.CreateDirectory(Temporary("/mnt/srv/elsewhere"));
        Install("t", OnDisk);
        Install("mounting", OnDisk + $"[[mount]]\ntype = \"tmpfs\"\ntarget = \"{Target}/place\"\nsize = \"1M\"\n");
        Assert.Equal("", Run("t", planted.Replace("I", Target, StringComparison.Ordinal)));
        MustBeRefused(SessionCommand.Run("mounting", "/bin/true").Execute(), "");
        Assert.Equal("", Run("t", $"rm {Target}/place"));
        Assert.Equal("tmpfs\n", Run("mounting", $"stat -f -c %T {Target}/place"));
    }

    /// <summary>mnt-propagation: a mount of the session in an instance reaches neither the host nor another session of it.</summary>
    [Fact]
    public void A_mount_in_an_instance_stays_in_its_session()
    {
        ExpectShare(Key);
        Install("t", OnDisk);
        Install("mounting", OnDisk + $"[[mount]]\ntype = \"tmpfs\"\ntarget = \"{Target}/place\"\nsize = \"1M\"\n");
        RunningSession other = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        RunningSession mounting = Start(SessionCommand.Run("mounting", "/bin/sleep", "60")).WaitForCommand();
        Assert.Contains(mounting.Mounts(), mount => mount.Target == $"{Target}/place");
        Assert.DoesNotContain(other.Mounts(), mount => mount.Target == $"{Target}/place");
        Assert.DoesNotContain(MountEntry.OfHost(), mount => mount.Target.EndsWith("/place", StringComparison.Ordinal));
        Assert.Empty(Assert.Single(other.Mounts(), mount => mount.Target == Target).Tags);
    }

    /// <summary>Setuid files and devices that somebody gets into an instance do nothing in a session, and there is no way to them outside of one.</summary>
    [Fact]
    public void A_setuid_file_in_an_instance_is_of_no_use()
    {
        ExpectShare(Key);
        Install("t", OnDisk);
        Assert.Equal("", Run("t", $"cp /bin/sleep {Target}/tool; chmod 4755 {Target}/tool"));
        RunningSession session = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Superset(new HashSet<string> { "nosuid", "nodev" }, Assert.Single(session.Mounts(), mount => mount.Target == Target).Options.ToHashSet());
        foreach (string path in new[] { Store, $"{Store}/{Key}/tool", $"/run/nshelper/share/{Key}/tool" })
        {
            SessionResult outside = SessionCommand.Direct("/bin/ls", path).As(TestUser.Alice).Execute();
            Assert.Contains("Permission denied", outside.ErrorText, StringComparison.Ordinal);
        }
    }

    private const string OnDisk = $"[[private]]\ntarget = \"{Target}\"\nscope = \"user\"\nmethod = \"directory\"\n";

    private static void MustBeRefused(SessionResult result, string message)
    {
        Assert.True(result.IsRefusal, result.ToString());
        Assert.Contains(message, result.ErrorText, StringComparison.Ordinal);
    }

    private static string Run(string profile, string script)
    {
        SessionResult result = SessionCommand.Run(profile, "/bin/sh", "-c", script).Execute();
        Assert.True(result.ErrorText.Length == 0 && result.ExitStatus is not 125, result.ToString());
        return result.OutputText;
    }
}
