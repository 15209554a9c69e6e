using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Why it exists: root makes links, directories and files for a session. They must be right, end with it, and never touch what is not its own.</summary>
public sealed class EntryTests : SystemTest
{
    private const string Target = "/mnt/srv/target";
    private const string Tmpfs = $"[[mount]]\ntarget = \"{Target}\"\ntype = \"tmpfs\"\n";

    public EntryTests()
    {
        Directory.CreateDirectory(Temporary(Target));
        Posix.Chown(Target, TestUser.Alice.UserId, TestUser.Alice.GroupId);
    }

    /// <summary>A file of a profile bounds what is in it.</summary>
    [Fact]
    public void Content_may_be_nearly_as_large_as_a_profile()
    {
        Assert.Equal("65000\n0\n", Output(Tmpfs + Entry("large", "file", $"content = \"{new string('x', 65000)}\"") + Entry("empty", "file", ""), $"cat {Target}/large | wc -c; stat -c %s {Target}/empty"));
        Assert.Contains("the file is larger than 65536 bytes", Refused(Tmpfs + Entry("large", "file", $"content = \"{new string('x', 65536)}\"")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_root_of_the_sessions_own_gets_what_programs_look_for()
    {
        string body = "[root]\nmode = \"tmpfs\"\nworking_directory = \"/\"\n[[mount]]\ntarget = \"/usr\"\noptions = [\"ro\"]\n"
            + string.Concat(((string[])["bin", "lib", "lib64"]).Select(name => $"[[mount]]\ntarget = \"/{name}\"\ntype = \"symlink\"\nsource = \"usr/{name}\"\n"))
            + "[[mount]]\ntarget = \"/etc/passwd\"\ntype = \"file\"\ncontent = \"alice:x:12001:12001::/:/bin/sh\\n\"\n";
        Assert.Equal("alice:x:12001:12001::/:/bin/sh\n644 0:0\nrefused\n", Output(body, "cat /etc/passwd; stat -c '%a %u:%g' /etc/passwd; (: >/etc/passwd) 2>&- || echo refused"));
    }

    [Fact]
    public void A_directory_with_mounts_below_it_gets_its_mode() => Assert.Equal(
        "1777 0:0\n",
        Output(Tmpfs + Entry("a", "directory", "mode = \"1777\"") + $"[[mount]]\ntarget = \"{Target}/a/b\"\ntype = \"tmpfs\"\n", $"stat -c '%a %u:%g' {Target}/a"));

    [Fact]
    public void Each_belongs_to_whom_the_profile_names()
    {
        Assert.Equal(
            "700 12001:12001\n750 0:12010\n1770 12002:12001\n640 7:8\n",
            Output(
                Tmpfs + Entry("mine", "directory", "owner = \"%u\"\ngroup = \"%g\"\nmode = \"0700\"") + Entry("team", "directory", "group = \"nsok\"\nmode = \"0750\"")
                    + Entry("bobs", "tmpfs", "owner = \"bob\"\nmode = \"1770\"") + Entry("note", "file", "owner = \"#7\"\ngroup = \"#8\"\nmode = \"0640\""),
                $"cd {Target}; stat -c '%a %u:%g' mine team bobs note"));
        Assert.Contains("there is no such user on this host", Refused(Tmpfs + Entry("x", "directory", "owner = \"nobody-here\"")), StringComparison.Ordinal);
    }

    /// <summary>With the caller's own directory at the target, and with a link of the caller's to one of root's.</summary>
    [Theory]
    [InlineData("directory", "")]
    [InlineData("file", "content = \"x\"")]
    [InlineData("symlink", "source = \"x\"")]
    public void Nothing_is_made_on_the_host(string type, string keys)
    {
        Directory.CreateSymbolicLink($"{Target}/link", "/mnt/srv");
        Assert.Contains("would be made on the host's tree", Refused(Entry("new", type, keys)), StringComparison.Ordinal);
        Assert.Contains("would be made on the host's tree", Refused(Entry("link/new", type, keys)), StringComparison.Ordinal);
        Assert.Contains("which is not of the session alone", Refused($"[[mount]]\ntarget = \"{Target}\"\n" + Entry("new", type, keys)), StringComparison.Ordinal);
        Assert.Equal([$"{Target}/link"], Directory.GetFileSystemEntries(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries("/mnt/srv"));
    }

    /// <summary>A lower directory holds a link at the place, and on the way to it: root writes through neither.</summary>
    [Theory]
    [InlineData("taken", "file", "content = \"x\"", "is there already")]
    [InlineData("taken", "symlink", "source = \"x\"", "is there already")]
    [InlineData("taken", "directory", "mode = \"1777\"", "cannot make /mnt/srv/target/taken: openat2")]
    [InlineData("taken/below", "file", "content = \"x\"", "cannot make /mnt/srv/target/taken/below: openat2")]
    [InlineData("taken/below", "directory", "", "cannot make /mnt/srv/target/taken/below: openat2")]
    public void No_link_is_followed(string name, string type, string keys, string message)
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/lower"));
        Directory.CreateDirectory(Temporary("/mnt/srv/victim"));
        Directory.CreateSymbolicLink("/mnt/srv/lower/taken", "../victim");
        Assert.Contains(message, Refused($"[[mount]]\ntarget = \"{Target}\"\ntype = \"overlay\"\nlower = [\"/mnt/srv/lower\"]\n" + Entry(name, type, keys)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries("/mnt/srv/victim"));
        Assert.Equal("../victim", new FileInfo("/mnt/srv/lower/taken").LinkTarget);
    }

    private static string Entry(string name, string type, string keys) => $"[[mount]]\ntarget = \"{Target}/{name}\"\ntype = \"{type}\"\n{keys}\n";

    private string Output(string body, string script)
    {
        SessionResult result = Run(body, script);
        Assert.True(result.ErrorText.Length == 0 && result.ExitStatus is not 125, result.ToString());
        return result.OutputText;
    }

    private string Refused(string body)
    {
        SessionResult result = Run(body, "echo started");
        Assert.True(result.ExitStatus == 125 && result.OutputText.Length == 0, result.ToString());
        return result.ErrorText;
    }

    private SessionResult Run(string body, string script)
    {
        Install("t", body);
        return SessionCommand.Run("t", "/bin/sh", "-c", script).Execute();
    }
}
