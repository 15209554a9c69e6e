using System.Text.Json;
using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Tests.Views;

public sealed class PlanJsonTests
{
    private static JsonElement Document(SessionPlan plan)
    {
        using var document = JsonDocument.Parse(PlanJson.Of(plan));
        return document.RootElement.Clone();
    }

    [Fact]
    public void The_first_field_is_the_version() => Assert.StartsWith("{\n  \"version\": 1,\n", PlanJson.Of(HandMadePlan.Full), StringComparison.Ordinal);

    [Fact]
    public void Every_step_is_there_in_order_with_its_line()
    {
        JsonElement steps = Document(HandMadePlan.Full).GetProperty("steps");
        Assert.Equal(
            ["hostname 9", "loopback 9", "tmpfs 17", "bind 36", "bind 41", "share 20", "proc 46", "mqueue 50", "device 51", "mask 54", "overlay 58", "overlay 62", "symlink 51", "directory 70", "file 74"],
            steps.EnumerateArray().Select(step => $"{step.GetProperty("step").GetString()} {step.GetProperty("line").GetInt32()}"));
    }

    [Fact]
    public void A_bind_says_all_that_is_done()
    {
        JsonElement bind = Document(HandMadePlan.Full).GetProperty("steps")[4];
        Assert.Equal(
            """{"step":"bind","source":"/srv/teams/compilers/toolchains/2026/stable","target":"/opt/toolchain","options":["ro","nosuid","nodev","noexec","noatime","nosymfollow"],"propagation":"private","create":"auto","recursive":true,"optional":true,"file":"/etc/nshelper/profiles/build.toml","line":41,"column":1}""",
            JsonSerializer.Serialize(bind));
    }

    [Fact]
    public void A_new_proc_says_what_it_shows_a_mask_what_it_hides_and_a_device_and_a_link_what_they_are()
    {
        JsonElement steps = Document(HandMadePlan.Full).GetProperty("steps");
        Assert.Equal(
            """{"step":"proc","target":"/proc","options":["nosuid","nodev","noexec"],"propagation":"private","create":"no","hidepid":"invisible","subset":"pid","file":"/etc/nshelper/profiles/build.toml","line":46,"column":1}""",
            JsonSerializer.Serialize(steps[6]));
        Assert.Equal(
            """{"step":"mask","target":"/etc/machine-id","options":["ro","nosuid","nodev","noexec"],"propagation":"private","create":"no","kind":"file","file":"/etc/nshelper/profiles/build.toml","line":54,"column":1}""",
            JsonSerializer.Serialize(steps[9]));
        Assert.Equal(
            """{"step":"device","target":"/dev/null","options":["nosuid","noexec"],"propagation":"private","create":"file","created_on":"/dev","number":"1:3","file":"/etc/nshelper/profiles/build.toml","line":51,"column":1}""",
            JsonSerializer.Serialize(steps[8]));
        Assert.Equal(
            """{"step":"symlink","source":"/proc/self/fd","target":"/dev/fd","created_on":"/dev","file":"/etc/nshelper/profiles/build.toml","line":51,"column":1}""",
            JsonSerializer.Serialize(steps[12]));
        Assert.Equal(
            """{"step":"directory","target":"/dev/below","created_on":"/dev","mode":"01777","owner":1000,"group":27,"file":"/etc/nshelper/profiles/build.toml","line":70,"column":1}""",
            JsonSerializer.Serialize(steps[13]));
        Assert.Equal(
            """{"step":"file","target":"/dev/below/note","created_on":"/dev","mode":"0600","owner":0,"group":0,"content_bytes":7,"file":"/etc/nshelper/profiles/build.toml","line":74,"column":1}""",
            JsonSerializer.Serialize(steps[14]));
    }

    [Fact]
    public void An_overlay_says_what_lies_below_and_where_changes_go()
    {
        JsonElement steps = Document(HandMadePlan.Full).GetProperty("steps");
        Assert.Equal(
            """{"step":"overlay","lower":["/srv/sdk/patches","/srv/sdk/base"],"upper":"tmpfs","size":268435456,"inodes":16384,"target":"/opt/sdk","options":["nosuid","nodev"],"propagation":"private","create":"no","mode":"0755","group":0,"file":"/etc/nshelper/profiles/build.toml","line":58,"column":1}""",
            JsonSerializer.Serialize(steps[10]));
        Assert.Equal(
            """{"step":"overlay","lower":["/srv/template"],"upper":"user","kept":"/var/lib/nshelper/overlay/user/1000/build.home-alice-try","target":"/home/alice/try","options":["nosuid","nodev"],"propagation":"private","create":"dir","mode":"0750","group":27,"file":"/etc/nshelper/profiles/build.toml","line":62,"column":1}""",
            JsonSerializer.Serialize(steps[11]));
    }

    [Fact]
    public void Arguments_that_are_not_utf8_are_arrays_of_bytes()
    {
        JsonElement arguments = Document(HandMadePlan.Full).GetProperty("command").GetProperty("arguments");
        Assert.Equal("""["make","-j2","CC=gcc -O2","",[27,255]]""", JsonSerializer.Serialize(arguments, Relaxed));
    }

    [Fact]
    public void What_is_restored_has_its_values()
    {
        JsonElement restored = Document(HandMadePlan.Full).GetProperty("restored");
        Assert.Equal("0022", restored.GetProperty("umask").GetString());
        Assert.Equal("""{"cpu":["infinity","infinity"],"fsize":[4096,8192]}""", JsonSerializer.Serialize(restored.GetProperty("limits")));
        Assert.Equal("[13]", JsonSerializer.Serialize(restored.GetProperty("ignored_signals")));
        Assert.Equal(3, restored.GetProperty("timers").GetProperty("virtual").GetProperty("value_seconds").GetInt32());
    }

    [Fact]
    public void Every_capability_set_is_empty()
    {
        JsonElement sets = Document(HandMadePlan.Full).GetProperty("identity").GetProperty("capabilities");
        Assert.Equal("""{"bounding":[],"permitted":[],"effective":[],"inheritable":[],"ambient":[]}""", JsonSerializer.Serialize(sets));
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
