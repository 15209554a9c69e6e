using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: one path that is another directory for each session, user, profile or group; who meets whom there is the whole promise.</summary>
public sealed class PrivateDirectoryTests : SystemTest
{
    private const string Target = "/mnt/srv/instance";
    private const string Stores = "/var/lib/nshelper/private";
    private const string Name = "mnt-srv-instance";

    public PrivateDirectoryTests()
    {
        Directory.CreateDirectory(Temporary(Target));
        File.WriteAllText($"{Target}/of-the-host", "");
    }

    [Fact]
    public void Two_sessions_of_one_user_have_one_each_unless_the_scope_says_otherwise()
    {
        InstallPrivate("");
        RunningSession first = Start(SessionCommand.Run("t", "/bin/sh", "-c", $"echo mine >{Target}/note; exec sleep 60")).WaitForCommand();
        Wait.Until(() => File.Exists($"/proc/{first.Pid}/root{Target}/note"), () => "no note");
        Assert.Equal("", Run($"ls -A {Target}"));
        Assert.Equal("700 12001 12001 tmpfs\n", Run($"stat -c '%a %u %g' {Target} | tr '\\n' ' '; stat -f -c %T {Target}"));
        Assert.Equal(["of-the-host"], Directory.GetFileSystemEntries(Target).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("tmpfs", "private.u")]
    [InlineData("directory", "private.disk.u")]
    public void All_sessions_of_a_user_have_one_and_no_other_user_has_it(string method, string key)
    {
        ExpectShare($"{key}12001.{Name}");
        ExpectShare($"{key}12003.{Name}");
        InstallPrivate($"method = \"{method}\"\nscope = \"user\"");
        RunningSession first = Start(SessionCommand.Run("t", "/bin/sleep", "60")).WaitForCommand();
        Assert.Equal("", Run($"echo mine >{Target}/note"));
        Assert.Equal("mine\n", File.ReadAllText($"/proc/{first.Pid}/root{Target}/note"));
        Assert.Equal("mine\n", Run($"cat {Target}/note"));
        Assert.Equal("", Run($"ls -A {Target}; : >{Target}/hers", TestUser.Carol));
        Assert.Equal("note\n", Run($"ls -A {Target}"));
    }

    [Theory]
    [InlineData("scope = \"user\"", "private.disk.u12001.mnt-srv-instance", "700 12001 12001")]
    [InlineData("scope = \"user\"\nmode = \"0750\"\nkeep = true", "private.disk.u12001.mnt-srv-instance", "750 12001 12001")]
    [InlineData("scope = \"group\"\ngroup = \"nsok\"", "private.disk.g12010.mnt-srv-instance", "2770 0 12010")]
    [InlineData("scope = \"profile\"", "private.disk.profile.t.mnt-srv-instance", "1777 0 0")]
    public void One_on_disk_is_made_for_its_scope_and_is_there_after_a_boot(string scope, string key, string made)
    {
        ExpectShare(key);
        InstallPrivate($"method = \"directory\"\n{scope}");
        foreach (string umask in new[] { "0", "0777" })
        {
            SessionResult result = SessionCommand.Run("t", "/bin/stat", "-c", "%a %u %g", Target).With("--umask", umask).Execute();
            Assert.True(result.OutputText == $"{made}\n", result.ToString());
            Assert.Equal([made], RootShell.Run($"stat -c '%a %u %g' {Stores}/{key}"));
            RootShell.Run($"umount /run/nshelper/share/{key}; rmdir {Stores}/{key}");
        }

        Assert.Equal("", Run($"echo kept >{Target}/note"));
        RootShell.Run("umount -R /run/nshelper/share; rmdir /run/nshelper/share/*");
        Assert.Equal("kept\n", Run($"cat {Target}/note"));
    }

    [Fact]
    public void One_in_memory_is_bounded_and_gone_after_a_boot()
    {
        ExpectShare($"private.u12001.{Name}");
        InstallPrivate("scope = \"user\"\nsize = \"1M\"");
        Assert.Equal("256\nfull\n", Run($"stat -f -c %b {Target}; head -c 2M /dev/zero >{Target}/big 2>/dev/null || echo full"));
        RootShell.Run("umount -R /run/nshelper/share; rmdir /run/nshelper/share/*");
        Assert.Equal("", Run($"ls -A {Target}"));
    }

    [Fact]
    public void The_users_of_a_profile_have_one_together_and_those_of_another_profile_another()
    {
        ExpectShare($"private.profile.t.{Name}");
        ExpectShare($"private.profile.other.{Name}");
        InstallPrivate("scope = \"profile\"");
        Install(new ProfileFile("other", "schema = 1\nextends = [\"t\"]\n"));
        Assert.Equal("", Run($"echo ours >{Target}/note; chmod 0644 {Target}/note"));
        Assert.Equal("ours\n", Run($"cat {Target}/note", TestUser.Bob));
        SessionResult removed = SessionCommand.Run("t", "/bin/rm", "-f", $"{Target}/note").As(TestUser.Bob).Execute();
        Assert.Contains("not permitted", removed.ErrorText, StringComparison.Ordinal);
        SessionResult other = SessionCommand.Run("other", "/bin/ls", "-A", Target).Execute();
        Assert.Equal((0, ""), (other.ExitStatus, other.OutputText));
    }

    [Fact]
    public void The_members_of_a_group_have_one_together_and_others_are_refused_the_session()
    {
        ExpectShare($"private.g12010.{Name}");
        InstallPrivate("scope = \"group\"\ngroup = \"nsok\"");
        Assert.Equal("2770 12010\n", Run($"echo ours >{Target}/note; stat -c '%a %g' {Target}"));
        Assert.Equal("ours\n", Run($"cat {Target}/note", TestUser.Carol));
        SessionResult bob = SessionCommand.Run("t", "/bin/true").As(TestUser.Bob).Execute();
        Assert.True(bob.IsRefusal, bob.ToString());
        Assert.Contains($"the private directory \"{Target}\" is for members of group \"nsok\"", bob.ErrorText, StringComparison.Ordinal);
    }

    /// <summary>A home of the session's own, a mount in it, and a directory whose parent the profile makes.</summary>
    [Fact]
    public void It_goes_together_with_presets_and_mounts()
    {
        ExpectShare("private.disk.u12001.mnt-home-alice");
        Directory.CreateDirectory(Temporary("/mnt/srv/source"));
        File.WriteAllText("/mnt/srv/source/note", "from the host\n");
        TestUser.Alice.Write("secret", "of the host");
        InstallPrivate(
            "method = \"directory\"\nscope = \"user\"\n[[private]]\ntarget = \"/tmp\"\nsize = \"1M\"\nmode = \"1777\"\n"
            + "[[mount]]\nsource = \"/mnt/srv/source\"\ntarget = \"%h/docs\"\noptions = [\"ro\"]\n[protect]\nprotect_system = true\n", "%h");
        Assert.Equal("docs\nfrom the host\n1777\n", Run("cd; ls -A; cat docs/note; stat -c %a /tmp"));
        Assert.Equal(["docs"], Directory.GetFileSystemEntries($"{Stores}/private.disk.u12001.mnt-home-alice").Select(Path.GetFileName));
    }

    [Fact]
    public void A_root_of_the_sessions_own_has_it_too()
    {
        ExpectShare("private.u12001.data");
        InstallPrivate("scope = \"user\"\n[root]\nmode = \"tmpfs\"\nworking_directory = \"/\"\n"
            + string.Concat(((string[])["usr", "bin", "lib", "lib64"]).Select(name => $"[[mount]]\nsource = \"{(name == "usr" ? "" : "/usr")}/{name}\"\ntarget = \"/{name}\"\noptions = [\"ro\"]\n")), "/data");
        Assert.Equal("", Run("echo mine >/data/note"));
        Assert.Equal("mine\n/bin /data /lib /lib64 /usr\n", Run("cat /data/note; echo /*"));
    }

    private static string Run(string script, TestUser? user = null)
    {
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", script).As(user ?? TestUser.Alice).Execute();
        Assert.True(result.ErrorText.Length == 0 && result.ExitStatus is not 125, result.ToString());
        return result.OutputText;
    }

    private void InstallPrivate(string lines, string target = Target) =>
        Install(new ProfileFile("t", $"schema = 1\n[allow]\nusers = [\"*\"]\ncommands = \"any\"\n[[private]]\ntarget = \"{target}\"\n{lines}\n"));
}
