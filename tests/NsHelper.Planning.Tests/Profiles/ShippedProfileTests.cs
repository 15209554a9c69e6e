using NsHelper.Planning.Parameters;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: installing the package must grant nothing, and what it ships must work when somebody is let in.</summary>
public sealed class ShippedProfileTests
{
    public static TheoryData<string> Names => [.. Repository.ShippedProfiles.Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shipped_profile_is_valid_and_lets_nobody_in(string name)
    {
        Profile profile = Read(name);
        Assert.True(profile.Enabled);
        Assert.NotEqual("", profile.Description);
        Assert.Empty(profile.Allow.Users);
        Assert.Empty(profile.Allow.Groups);

        // Any command, or no run at all but a login.
        bool isForLogins = profile.Allow.Verbs.SequenceEqual(["login"]);
        Assert.Equal(isForLogins ? AllowedCommands.Listed : AllowedCommands.Any, profile.Allow.Commands);
        Assert.Equal(isForLogins, profile.Login is not null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shipped_profile_has_nothing_to_warn_of(string name) =>
        Assert.Empty(Reading.Checked(Repository.Read($"profiles/{name}.toml")));

    [Fact]
    public void The_four_profiles_of_the_first_version_are_there() =>
        Assert.Empty(((string[])["private-tmp", "shared-workspace", "readonly-system", "no-network"]).Except(Repository.ShippedProfiles.Select(file => Path.GetFileNameWithoutExtension(file))));

    /// <summary>private-tmp is what the benchmark measures: one mount namespace, and no other.</summary>
    [Fact]
    public void Private_tmp_isolates_the_mount_tree_only()
    {
        Profile profile = Read("private-tmp");
        Assert.True(profile.Protect.PrivateTmp);
        Assert.Equal(
            (false, false, false, false),
            (profile.Namespaces.PrivateIpc, profile.Namespaces.PrivateUts, profile.Namespaces.PrivateNetwork, profile.Namespaces.PrivateCgroup));
        Assert.Empty(profile.Mounts);
        Assert.Empty(profile.Shares);
    }

    [Fact]
    public void Readonly_system_leaves_the_home_writable()
    {
        Profile profile = Read("readonly-system");
        Assert.True(profile.Root.ReadOnly);
        var home = Assert.IsType<MountSettings.Bind>(Assert.Single(profile.Mounts));
        Assert.Equal(("%h", "%h", false, true), (home.Target, home.Source, home.Options.ReadOnly, home.Recursive));
    }

    [Fact]
    public void No_network_has_a_network_of_its_own() => Assert.True(Read("no-network").Namespaces.PrivateNetwork);

    [Fact]
    public void Shared_workspace_is_shared_among_the_sessions_of_one_user()
    {
        ShareSettings share = Assert.Single(Read("shared-workspace").Shares);
        Assert.Equal(("workspace", ShareScope.User, Propagation.Shared), (share.Name.Text, share.Scope, share.Propagation));
    }

    /// <summary>A path below the home in both, and in no other place of the profile.</summary>
    [Theory]
    [InlineData("agent", "project", "{project}")]
    [InlineData("chroot-build", "directory", "/build")]
    public void The_user_chooses_a_directory_of_the_own_home(string name, string parameter, string target)
    {
        Profile profile = Read(name);
        Parameter own = Assert.Single(profile.Parameters);
        Assert.Equal((parameter, ParameterType.PathBelow, "%h", null), (own.Name, own.Type, own.WrittenBase, own.Default));
        MountSettings.Bind bind = Assert.Single(profile.Mounts.OfType<MountSettings.Bind>(), mount => mount.Source.Contains('{', StringComparison.Ordinal));
        Assert.Equal(($"{{{parameter}}}", target, false), (bind.Source, bind.Target, bind.Options.ReadOnly));
    }

    private static Profile Read(string name)
    {
        string file = Path.Combine(Repository.Root, "profiles", name + ".toml");
        ProfileReading reading = ProfileReader.Read(ProfileName.Parse(name), [new ProfileText(file, [.. File.ReadAllBytes(file)])]);
        return reading is ProfileReading.Invalid invalid
            ? throw new InvalidOperationException(DiagnosticText.Plain(invalid.Diagnostics))
            : ((ProfileReading.Valid)reading).Profile;
    }
}
