using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;

namespace NsHelper.Planning.Tests.Profiles;

public sealed class ProfileReaderTests
{
    [Fact]
    public void A_minimal_profile_has_the_documented_defaults()
    {
        Profile profile = Reading.Valid(Reading.Minimal);

        Assert.Equal("test", profile.Name.Text);
        Assert.True(profile.Enabled);
        Assert.Equal("", profile.Description);
        Assert.Equal(["run", "shell", "join", "stop"], profile.Allow.Verbs.AsEnumerable());
        Assert.Equal(AllowedCommands.Any, profile.Allow.Commands);
        Assert.True(profile.Namespaces.PrivateIpc);
        Assert.False(profile.Namespaces.PrivateUts || profile.Namespaces.PrivateNetwork || profile.Namespaces.PrivateCgroup);
        Assert.Null(profile.Namespaces.Hostname);
        Assert.False(profile.Root.ReadOnly);
        Assert.Equal(Propagation.Slave, profile.Root.Propagation);
        Assert.Equal(("caller", "/"), (profile.Root.WorkingDirectory, profile.Root.WorkingDirectoryFallback));
        Assert.False(profile.Protect.PrivateTmp);
        Assert.Empty(profile.Mounts);
        Assert.Empty(profile.Shares);
        Assert.Equal(EnvironmentPolicy.Clean, profile.Environment.Policy);
        Assert.Equal(["TERM", "LANG", "LC_*", "COLORTERM", "TZ", "NO_COLOR"], profile.Environment.Keep.AsEnumerable());
        Assert.Equal(AbsolutePath.Parse("/usr/local/sbin"), profile.Environment.Path[0]);
    }

    [Fact]
    public void An_empty_allow_list_is_empty_and_lets_nobody_in()
    {
        AllowRules allow = Reading.Valid("schema = 1\n[allow]\nusers = []\ngroups = []\ncommands = \"any\"\n").Allow;
        Assert.Empty(allow.Users);
        Assert.Empty(allow.Groups);
    }

    [Fact]
    public void Principals_keep_their_place_and_their_number()
    {
        AllowRules allow = Reading.Valid("schema = 1\n[allow]\ncommands = \"any\"\nusers = [\"alice\", \"#1000\",\n  \"*\"]\ndeny_groups = [\"#0\"]\n").Allow;

        Assert.Equal(["alice", "#1000", "*"], allow.Users.Select(rule => rule.Text));
        Assert.Equal([null, 1000u, null], allow.Users.Select(rule => rule.Number));
        Assert.Equal(new SourceLocation("test.toml", 5, 3), allow.Users[2].Location);
        Assert.True(allow.Users[2].IsEverybody);
        Assert.Equal(0u, allow.DenyGroups[0].Number);
    }

    [Fact]
    public void A_bind_mount_takes_its_target_as_source_and_is_recursive()
    {
        var bind = Assert.IsType<MountSettings.Bind>(Assert.Single(Reading.Valid(Reading.Minimal + "[[mount]]\ntarget = \"/srv/a\"\n").Mounts));
        Assert.Equal(("/srv/a", "/srv/a", true, false), (bind.Target, bind.Source, bind.Recursive, bind.Optional));
        Assert.Equal((default, Propagation.Inherit, CreateTarget.Auto), (bind.Options, bind.Propagation, bind.Create));
        Assert.Equal(4, bind.Location.Line);
    }

    [Fact]
    public void A_bind_mount_has_every_word_of_its_options()
    {
        var bind = (MountSettings.Bind)Reading.Valid(Reading.Minimal + """
            [[mount]]
            target = "%h/x"
            source = "/srv/%u"
            options = ["bind", "ro", "noexec", "noatime", "nosymfollow", "nosuid", "nodev"]
            propagation = "unbindable"
            optional = true
            create = "no"
            """).Mounts[0];

        Assert.Equal(new MountOptions(ReadOnly: true, NoExec: true, NoAtime: true, NoSymFollow: true), bind.Options);
        Assert.Equal((false, true, Propagation.Unbindable, CreateTarget.No), (bind.Recursive, bind.Optional, bind.Propagation, bind.Create));
        Assert.Equal(("%h/x", "/srv/%u"), (bind.Target, bind.Source));
    }

    [Fact]
    public void A_tmpfs_is_bounded_though_the_profile_says_nothing()
    {
        var tmpfs = (MountSettings.Tmpfs)Reading.Valid(Reading.Minimal + "[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\n").Mounts[0];
        Assert.Equal((64L << 20, 16384, Convert.ToInt32("0755", 8)), (tmpfs.Size, tmpfs.Inodes, tmpfs.Mode));
    }

    [Theory]
    [InlineData("\"1\"", 1)]
    [InlineData("4096", 4096)]
    [InlineData("\"4096\"", 4096)]
    [InlineData("\"8K\"", 8L << 10)]
    [InlineData("\"2M\"", 2L << 20)]
    [InlineData("\"3G\"", 3L << 30)]
    [InlineData("\"1024T\"", 1L << 50)]
    public void Sizes_are_bytes_or_binary_multiples(string written, long bytes)
    {
        var tmpfs = (MountSettings.Tmpfs)Reading.Valid($"{Reading.Minimal}[[mount]]\ntarget = \"/srv\"\ntype = \"tmpfs\"\nsize = {written}\ninodes = 9\nmode = \"1777\"\n").Mounts[0];
        Assert.Equal((bytes, 9, Convert.ToInt32("1777", 8)), (tmpfs.Size, tmpfs.Inodes, tmpfs.Mode));
    }

    [Theory]
    [InlineData("user", "0700")]
    [InlineData("global", "1777")]
    [InlineData("profile", "1777")]
    public void A_share_has_the_mode_of_its_scope(string scope, string mode)
    {
        ShareSettings share = Reading.Valid($"{Reading.Minimal}[[share]]\nname = \"w\"\ntarget = \"/mnt\"\nscope = \"{scope}\"\n").Shares[0];
        Assert.Equal(Convert.ToInt32(mode, 8), share.Mode);
        Assert.Equal((Propagation.Shared, false, null), (share.Propagation, share.ReadOnly, share.SourcePath));
    }

    [Theory]
    [InlineData("", nameof(ShareSource.Tmpfs))]
    [InlineData("source = \"tmpfs\"\nlifetime = \"boot\"", nameof(ShareSource.Tmpfs))]
    [InlineData("source = \"disk\"\nmode = \"0750\"\nlifetime = \"forever\"", nameof(ShareSource.Disk))]
    [InlineData("source = \"/srv\"\nlifetime = \"forever\"", nameof(ShareSource.Directory))]
    public void A_share_has_a_source(string lines, string source) =>
        Assert.Equal(source, Reading.Valid($"{Reading.Minimal}[[share]]\nname = \"w\"\ntarget = \"/mnt\"\nscope = \"user\"\n{lines}\n").Shares[0].Source.ToString());

    [Theory]
    [InlineData("", false, "u1000.w")]
    [InlineData("lifetime = \"boot\"", false, "u1000.w")]
    [InlineData("lifetime = \"last-session\"", true, "last.u1000.w")]
    public void A_share_that_ends_with_its_last_session_is_apart_from_one_that_does_not(string lines, bool ends, string key)
    {
        Profile profile = Reading.Valid($"{Reading.Minimal}[[share]]\nname = \"w\"\ntarget = \"/mnt\"\nscope = \"user\"\n{lines}\n");
        Assert.Equal(ends, profile.Shares[0].EndsWithLastSession);
        Assert.Equal(key, SharePlanner.BackingOf(profile.Shares[0], profile.Name, People.Alice, People.Database).Key);
    }

    [Fact]
    public void A_group_share_names_its_group()
    {
        ShareSettings share = Reading.Valid($"{Reading.Minimal}[[share]]\nname = \"w\"\ntarget = \"/mnt\"\nscope = \"group\"\ngroup = \"#5\"\naccess = \"ro\"\nsource = \"/srv/w\"\npropagation = \"slave\"\n").Shares[0];
        Assert.Equal((5u, Convert.ToInt32("2770", 8), "/srv/w", true, Propagation.Slave), (share.Group?.Number, share.Mode, share.SourcePath?.Text, share.ReadOnly, share.Propagation));
    }

    [Fact]
    public void A_read_only_root_is_private()
    {
        Assert.Equal(Propagation.Private, Reading.Valid(Reading.Minimal + "[root]\nread_only = true\n").Root.Propagation);
    }

    [Fact]
    public void Namespaces_and_commands_are_read()
    {
        Profile profile = Reading.Valid("""
            schema = 1
            description = "d"
            enabled = false
            message = "ask ops"
            [[command]]
            path = "/bin/true"
            default = true
            [[command]]
            path = "/bin/false"
            [namespaces]
            mount = "private"
            pid = "host"
            time = "host"
            ipc = "host"
            uts = "private"
            network = "private"
            cgroup = "private"
            hostname = "box-1.example"
            """);

        Assert.Equal(("d", false, "ask ops"), (profile.Description, profile.Enabled, profile.Message));
        Assert.Equal([("/bin/true", true), ("/bin/false", false)], profile.Commands.Select(command => (command.Path.Text, command.IsDefault)));
        Assert.Equal((false, false, false, true, true, true, "box-1.example"), (profile.Namespaces.PrivatePid, profile.Namespaces.PrivateTime, profile.Namespaces.PrivateIpc, profile.Namespaces.PrivateUts, profile.Namespaces.PrivateNetwork, profile.Namespaces.PrivateCgroup, profile.Namespaces.Hostname));
    }

    [Fact]
    public void The_environment_is_read()
    {
        EnvironmentSettings environment = Reading.Valid(Reading.Minimal + """
            [environment]
            policy = "keep"
            keep = ["EDITOR", "MY_*"]
            unset = ["LESS"]
            path = ["/opt/bin", "/bin"]
            user_vars = ["DEBUG"]
            [environment.set]
            CACHE = "%h/.cache"
            """).Environment;

        Assert.Equal(EnvironmentPolicy.Keep, environment.Policy);
        Assert.Equal(["EDITOR", "MY_*"], environment.Keep.AsEnumerable());
        Assert.Equal(["LESS"], environment.Unset.AsEnumerable());
        Assert.Equal(["/opt/bin", "/bin"], environment.Path.Select(path => path.Text));
        Assert.Equal(["DEBUG"], environment.UserVariables.AsEnumerable());
        Assert.Equal([new KeyValuePair<string, string>("CACHE", "%h/.cache")], environment.Set.AsEnumerable());
    }

    [Fact]
    public void Inline_tables_dotted_keys_and_headers_mean_the_same()
    {
        Profile headers = Reading.Valid("schema = 1\n[allow]\ncommands = \"any\"\n[protect]\nprivate_tmp = true\n[environment.set]\nA = \"1\"\n[[mount]]\ntarget = \"/srv\"\n");
        Profile dotted = Reading.Valid("schema = 1\nallow.commands = \"any\"\nprotect = { private_tmp = true }\nenvironment.set.A = \"1\"\nmount = [{ target = \"/srv\" }]\n");

        Assert.Equal(headers.Allow.Commands, dotted.Allow.Commands);
        Assert.Equal(headers.Protect.PrivateTmp, dotted.Protect.PrivateTmp);
        Assert.Equal(headers.Environment.Set.AsEnumerable(), dotted.Environment.Set);
        Assert.Equal(headers.Mounts[0].Target, dotted.Mounts[0].Target);
    }

    [Fact]
    public void Identity_and_capabilities_may_say_what_always_happens()
    {
        Reading.Valid(Reading.Minimal + "[identity]\nno_new_privileges = true\nsupplementary_groups = \"keep\"\numask = \"caller\"\n[capabilities]\nbounding = []\nambient = []\n");
    }
}
