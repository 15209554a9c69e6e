using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: a share on disk is made as root for a user, outlives the boot, and lies where only root may come; each of these is a promise of its own.</summary>
public sealed class DiskShareTests : SystemTest
{
    private const string Target = "/mnt/srv/shared";
    private const string Stores = "/var/lib/nshelper/share";

    public DiskShareTests() => Directory.CreateDirectory(Temporary(Target));

    [Theory]
    [InlineData("scope = \"user\"", "disk.u12001.work", "700 12001 12001")]
    [InlineData("scope = \"user\"\nmode = \"0750\"", "disk.u12001.work", "750 12001 12001")]
    [InlineData("scope = \"group\"\ngroup = \"nsok\"", "disk.g12010.work", "2770 0 12010")]
    [InlineData("scope = \"profile\"", "disk.profile.t.work", "1777 0 0")]
    [InlineData("scope = \"global\"\nmode = \"0755\"", "disk.all.work", "755 0 0")]
    public void It_is_made_for_its_scope_whatever_the_callers_umask(string scope, string key, string made)
    {
        foreach (string umask in new[] { "0", "0777" })
        {
            ExpectShare(key);
            Install(scope);
            SessionResult result = Stat.With("--umask", umask).Execute();
            Assert.True(result.OutputText == $"{made}\n", result.ToString());
            Assert.Equal([made], RootShell.Run($"stat -c '%a %u %g' {Stores}/{key}"));
            RootShell.Run($"umount /run/nshelper/share/{key}; rmdir {Stores}/{key}");
        }
    }

    /// <summary>The group of the share is not the group the helper makes files with: setgid stays although it is the caller's only by membership, or the primary one.</summary>
    [Fact]
    public void A_group_share_keeps_setgid_for_a_caller_whose_primary_group_it_is()
    {
        ExpectShare("disk.g12010.work");
        Install("scope = \"group\"\ngroup = \"nsok\"");
        SessionResult result = Stat.As(TestUser.Alice with { GroupId = TestUser.AllowedGroup, Groups = [] }).Execute();
        Assert.True(result.OutputText == "2770 0 12010\n", result.ToString());
    }

    [Fact]
    public void What_is_in_it_is_there_after_a_boot()
    {
        ExpectShare("disk.u12001.work");
        Install("scope = \"user\"");
        Assert.Equal(0, SessionCommand.Run("t", "/bin/sh", "-c", $"echo kept >{Target}/note; chmod 0711 {Target}").Execute().ExitStatus);
        Boot();
        SessionResult after = SessionCommand.Run("t", "/bin/sh", "-c", $"cat {Target}/note; stat -c %a {Target}").Execute();
        Assert.True(after.OutputText == "kept\n711\n", after.ToString());
        Assert.Equal(["kept"], RootShell.Run($"cat {Stores}/disk.u12001.work/note"));
    }

    /// <summary>The users of a profile have one together; those of a profile that extends it, another.</summary>
    [Fact]
    public void A_share_of_scope_profile_is_of_that_profile_alone()
    {
        ExpectShare("disk.profile.t.work");
        ExpectShare("disk.profile.other.work");
        Install("scope = \"profile\"");
        Install(new ProfileFile("other", "schema = 1\nextends = [\"t\"]\n"));
        Assert.Equal(0, SessionCommand.Run("t", "/bin/sh", "-c", $"echo ours >{Target}/note; chmod 0644 {Target}/note").Execute().ExitStatus);
        Assert.Equal("ours\n", SessionCommand.Run("t", "/bin/cat", $"{Target}/note").As(TestUser.Bob).Execute().OutputText);
        SessionResult other = SessionCommand.Run("other", "/bin/ls", "-A", Target).Execute();
        Assert.Equal((0, ""), (other.ExitStatus, other.OutputText));
    }

    /// <summary>Of the places on the way nothing may be a link, another's, or open to others, at the first use and at each later one.</summary>
    [Theory]
    [InlineData("chmod 0755 /var/lib/nshelper", "chmod 0700 /var/lib/nshelper", "/var/lib/nshelper/share/disk.u12001.work: statx")]
    [InlineData("chmod 0711 /var/lib/nshelper/share", "chmod 0700 /var/lib/nshelper/share", "statx")]
    [InlineData("chown 12001 /var/lib/nshelper/share", "chown 0 /var/lib/nshelper/share", "statx")]
    [InlineData("chgrp 12001 /var/lib/nshelper/share", "chgrp 0 /var/lib/nshelper/share", "statx")]
    [InlineData("mv /var/lib/nshelper/share /var/lib/nshelper/real; ln -s real /var/lib/nshelper/share", "rm /var/lib/nshelper/share; mv /var/lib/nshelper/real /var/lib/nshelper/share", "openat2")]
    [InlineData("mv /var/lib/nshelper /var/lib/real; ln -s real /var/lib/nshelper", "rm /var/lib/nshelper; mv /var/lib/real /var/lib/nshelper", "openat2")]
    [InlineData("mv /var/lib/nshelper /var/lib/real", "mv /var/lib/real /var/lib/nshelper", "openat2: no such file")]
    public void A_place_that_is_not_roots_alone_is_refused(string defect, string repair, string message)
    {
        ExpectShare("disk.u12001.work");
        Install("scope = \"user\"");
        foreach (bool first in new[] { true, false })
        {
            RootShell.Run(defect);
            SessionResult refused = Stat.Execute();
            RootShell.Run(repair);
            Assert.True(refused.IsRefusal, refused.ToString());
            Assert.Contains(message, refused.ErrorText, StringComparison.Ordinal);
            Assert.False(Directory.Exists($"{Stores}/disk.u12001.work") && first);
            Assert.Equal(0, Stat.Execute().ExitStatus);
        }
    }

    /// <summary>What stands where the share should: another's directory, a file, a link of root's.</summary>
    [Theory]
    [InlineData("mkdir -m 0700 KEY; chown 12002 KEY")]
    [InlineData("touch KEY; chown 12001 KEY")]
    [InlineData("ln -s /etc KEY")]
    [InlineData("mkdir /var/lib/nshelper/elsewhere; chown 12001 /var/lib/nshelper/elsewhere; ln -s ../elsewhere KEY")]
    public void Something_else_in_its_place_is_refused(string planted)
    {
        ExpectShare("disk.u12001.work");
        string key = $"{Stores}/disk.u12001.work";
        Undo(() => RootShell.Run($"rm -rf {key} /var/lib/nshelper/elsewhere"));
        RootShell.Run(planted.Replace("KEY", key, StringComparison.Ordinal));
        Install("scope = \"user\"");
        SessionResult refused = Stat.Execute();
        Assert.True(refused.IsRefusal, refused.ToString());
        Assert.Contains($"cannot prepare the share at {key}", refused.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>The directory that is mounted is no longer the one on disk: an administrator has put another there, and must unmount.</summary>
    [Fact]
    public void A_directory_that_was_replaced_while_mounted_is_refused()
    {
        ExpectShare("disk.u12001.work");
        Install("scope = \"user\"");
        Assert.Equal(0, Stat.Execute().ExitStatus);
        RootShell.Run($"mv {Stores}/disk.u12001.work {Stores}/old; mkdir {Stores}/disk.u12001.work; chown 12001 {Stores}/disk.u12001.work");
        Undo(() => RootShell.Run($"rm -rf {Stores}/old"));
        Assert.True(Stat.Execute().IsRefusal);
        RootShell.Run("umount /run/nshelper/share/disk.u12001.work");
        Assert.Equal(0, Stat.Execute().ExitStatus);
    }

    private static SessionCommand Stat => SessionCommand.Run("t", "/bin/stat", "-c", "%a %u %g", Target);

    private static void Boot() => RootShell.Run("umount -R /run/nshelper/share; rmdir /run/nshelper/share/*");

    private void Install(string scope) => Install(new ProfileFile(
        "t", $"schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n[[share]]\nname = \"work\"\ntarget = \"{Target}\"\nsource = \"disk\"\n{scope}\n"));
}
