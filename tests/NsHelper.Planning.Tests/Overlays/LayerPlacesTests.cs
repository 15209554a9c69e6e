using NsHelper.Planning.Identity;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Overlays;

/// <summary>The name of a kept layer is the only record of what it is: it must lead back to exactly one profile and one target.</summary>
public sealed class LayerPlacesTests
{
    [Theory]
    [InlineData("t", "/mnt/srv/tree", "t.mnt-srv-tree")]
    [InlineData("t", "/", "t.-")]
    [InlineData("my-profile_2", "/home/alice/.config", @"my-profile_2.home-alice-.config")]
    [InlineData("t", "/.hidden", @"t.\x2ehidden")]
    [InlineData("t", "/a-b/c d", @"t.a\x2db-c\x20d")]
    [InlineData("t", "/é/\\x2d", @"t.\xc3\xa9-\x5cx2d")]
    public void A_key_is_the_profile_and_the_target_as_systemd_escape_writes_paths(string profile, string target, string key)
    {
        Assert.Equal(key, LayerPlaces.KeyOf(ProfileName.Parse(profile), AbsolutePath.Parse(target)));
        Assert.True(LayerPlaces.TryParseKey(key, out ProfileName? name, out AbsolutePath? path));
        Assert.Equal((profile, target), (name.Value.Text, path.Value.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("t")]
    [InlineData("t.")]
    [InlineData(".mnt")]
    [InlineData("T.mnt")]
    [InlineData("t.mnt-")]
    [InlineData("t.-mnt")]
    [InlineData("t.a--b")]
    [InlineData(@"t.a\x2")]
    [InlineData(@"t.a\x2D")]
    [InlineData(@"t.a\x61")]
    [InlineData(@"t.a-\x2e\x2e")]
    [InlineData(@"t.a-..")]
    [InlineData(@"t.a\x2fb")]
    [InlineData("t.é")]
    public void What_no_target_becomes_is_no_key(string key) => Assert.False(LayerPlaces.TryParseKey(key, out _, out _), key);

    [Fact]
    public void A_target_whose_key_is_longer_than_a_file_name_has_none()
    {
        Assert.NotNull(LayerPlaces.KeyOf(ProfileName.Parse("t"), AbsolutePath.Parse("/" + new string('a', 253))));
        Assert.Null(LayerPlaces.KeyOf(ProfileName.Parse("t"), AbsolutePath.Parse("/" + new string('a', 254))));
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef", true)]
    [InlineData("0123456789abcdef0123456789abcde", false)]
    [InlineData("0123456789ABCDEF0123456789abcdef", false)]
    [InlineData("", false)]
    public void A_session_id_is_32_hexadecimal_digits(string text, bool isId) => Assert.Equal(isId, LayerPlaces.IsSessionId(text));

    [Fact]
    public void Layers_of_users_and_sessions_do_not_meet()
    {
        var session = new OverlayUpper.Kept(LayerScope.Session, new UserId(1000), "0123456789abcdef0123456789abcdef", "t.mnt");
        var user = new OverlayUpper.Kept(LayerScope.User, new UserId(1000), "t", "t.mnt");
        Assert.Equal("/var/lib/nshelper/overlay/session/1000/0123456789abcdef0123456789abcdef/t.mnt", session.Place);
        Assert.Equal("/var/lib/nshelper/overlay/user/1000/t.mnt", user.Place);
    }
}
