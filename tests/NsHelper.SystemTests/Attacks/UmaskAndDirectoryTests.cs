using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: exec-umask-cwd (sssd review section 8, snapd 2cafc7a4). With umask 0 what root makes is everybody's to write; a working directory that is
/// deleted, closed or too deep makes a helper fail in the middle or look at the wrong place.
/// </summary>
public sealed class UmaskAndDirectoryTests : SystemTest
{
    public UmaskAndDirectoryTests()
    {
        Directory.CreateDirectory(Temporary("/mnt/srv/shared"));
        Install("t", "[protect]\nprivate_tmp = true\n[[share]]\nname = \"work\"\ntarget = \"/mnt/srv/shared\"\nscope = \"user\"\nsource = \"tmpfs\"");
        ExpectShare("u12001.work");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("777")]
    public void What_the_helper_makes_has_its_own_modes_whatever_the_umask(string umask)
    {
        ProbeReport probe = SessionCommand.Run("t", TestHost.Probe).With("--umask", umask).Execute().Probe;
        Assert.Equal(Convert.ToInt64(umask, 8), probe.Number("umask"));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode("/run/nshelper/share/u12001.work"));
        Posix.Unmount("/run/nshelper/share/u12001.work");
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode("/run/nshelper/share/u12001.work"));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode("/run/nshelper/share"));
    }

    [Theory]
    [InlineData("--chdir-deleted", "/mnt/home/alice/gone")]
    [InlineData("--chdir-sealed", "/mnt/home/alice/sealed")]
    [InlineData("--deep", "25")]
    public void A_directory_that_cannot_be_found_again_is_left_for_the_fallback(params string[] option)
    {
        SessionResult result = SessionCommand.Run("t", TestHost.Probe).In(TestUser.Alice.Home).With(option).Execute();
        Assert.InRange(result.Elapsed.TotalSeconds, 0, 2);
        Assert.Equal("/", result.Probe.Text("cwd"));
        if (option[0] == "--chdir-sealed")
        {
            File.SetUnixFileMode(option[1], Modes.OwnerOnlyDirectory);
        }
    }

    [Fact]
    public void The_callers_directory_is_left_while_the_helper_works()
    {
        string place = TestUser.Alice.MakeDirectory("work");
        foreach ((string Call, int When) moment in new[] { ("openat2", 1), ("move_mount", 1) })
        {
            string? directory = null;
            _ = HeldHelper.At(SessionCommand.Run("t", "/bin/true").In(place), moment, pid => directory = new FileInfo($"/proc/{pid}/cwd").LinkTarget);
            Assert.Equal("/", directory);
        }
    }

    [Fact]
    public void The_old_directory_is_never_looked_up_with_roots_rights()
    {
        string place = TestUser.Alice.MakeDirectory("place-of-the-caller");
        Trace trace = Trace.Of(SessionCommand.Run("t", TestHost.Probe).In(place));
        Assert.Equal(place, trace.Result.Probe.Text("cwd"));
        Assert.Contains(trace.WithEffectiveUser(), step => step.Call.Paths.Contains(place) && step.EffectiveUserId == TestUser.Alice.UserId);
        Assert.DoesNotContain(trace.WithEffectiveUser(), step => step.Call.Paths.Any(path => path.Contains("place-of-the-caller", StringComparison.Ordinal)) && step.EffectiveUserId == 0);
        Assert.All(trace.Named("openat", "open").Where(call => call.Name == "open" || call.Line.Contains("AT_FDCWD", StringComparison.Ordinal)), call => Assert.StartsWith("/", call.Paths.Single(), StringComparison.Ordinal));
    }
}
