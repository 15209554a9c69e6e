using NsHelper.Planning.Access;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Profiles;

namespace NsHelper.Planning.Tests.Sessions;

/// <summary>Why: a device is a way into the kernel, and private_devices says that there are six of them and no other.</summary>
public sealed class DevicePlannerTests
{
    [Fact]
    public void It_stands_for_these_mounts_in_this_order() => Assert.Equal(
        [
            "/dev tmpfs", "/dev/null 1:3", "/dev/zero 1:5", "/dev/full 1:7", "/dev/random 1:8", "/dev/urandom 1:9", "/dev/tty 5:0", "/dev/pts Devpts", "/dev/shm tmpfs", "/dev/mqueue Mqueue",
        ],
        Steps(Devices));

    [Fact]
    public void The_usual_links_come_last()
    {
        string[] links = ["/dev/fd /proc/self/fd", "/dev/stdin /proc/self/fd/0", "/dev/stdout /proc/self/fd/1", "/dev/stderr /proc/self/fd/2", "/dev/core /proc/kcore", "/dev/ptmx pts/ptmx"];
        Assert.Equal(links, Valid(Devices).Steps[^6..].Cast<SetupStep.Symlink>().Select(link => $"{link.Target} {link.Text}"));
        Assert.DoesNotContain(Valid(Devices + "[[mount]]\ntarget = \"/dev/core\"\nsource = \"/etc/hostname\"\n").Steps, step => step is SetupStep.Symlink { Target.Text: "/dev/core" });
        Assert.DoesNotContain(Valid("[protect]\nprivate_tmp = true\n").Steps, step => step is SetupStep.Symlink);
    }

    /// <summary>A mqueue shows the queues of the IPC namespace it is made in: there the host's.</summary>
    [Fact]
    public void Without_queues_of_its_own_the_session_has_no_mqueue() =>
        Assert.DoesNotContain("/dev/mqueue Mqueue", Steps(Devices + "[namespaces]\nipc = \"host\"\n"));

    [Fact]
    public void The_devices_that_are_allowed_come_after_those_that_are_there_anyway()
    {
        IEnumerable<string> steps = Steps(Devices + "device_allow = [\"/dev/kvm\", \"/dev/null\", \"/dev/net/tun\"]\n");
        Assert.Equal(["/dev/null 1:3", "/dev/kvm any", "/dev/net/tun any"], steps.Where(step => step.StartsWith("/dev/null", StringComparison.Ordinal) || step.EndsWith("any", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_devices_and_terminals_come_without_nodev_and_all_are_made_as_root_in_the_new_directory()
    {
        SetupStep.MountStep[] mounts = [.. Valid(Devices + "device_allow = [\"/dev/kvm\"]\n").StepsButProc().OfType<SetupStep.MountStep>()];
        Assert.All(mounts, mount => Assert.True(mount.Attributes.HasFlag(MountAttributes.NoSuid), mount.Target.Text));
        Assert.Equal(
            ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/kvm", "/dev/pts"],
            mounts.Where(mount => !mount.Attributes.HasFlag(MountAttributes.NoDev)).Select(mount => mount.Target.Text));
        Assert.All(mounts.Skip(1), mount => Assert.Equal("/dev", mount.CreatedOn?.Text));
        SetupStep.TmpfsMount directory = Assert.IsType<SetupStep.TmpfsMount>(mounts[0]);
        Assert.Equal((0u, 0x1ed), (directory.Owner.Value, directory.Mode));
    }

    /// <summary>What the profile mounts itself takes the place of what the preset has there.</summary>
    [Fact]
    public void It_gives_way_to_the_profiles_own_mounts()
    {
        IEnumerable<string> steps = Steps(Devices + "[[mount]]\ntarget = \"/dev/shm\"\ntype = \"tmpfs\"\nsize = \"1M\"\n[[mount]]\ntarget = \"/dev/pts\"\ntype = \"devpts\"\n");
        Assert.Equal(["/dev/pts Devpts", "/dev/shm tmpfs"], steps.Where(step => step.StartsWith("/dev/pts", StringComparison.Ordinal) || step.StartsWith("/dev/shm", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData("device_allow = [\"/dev/kvm\"]", 7, 1, "device_allow has no effect on the host's /dev")]
    [InlineData("private_devices = false\ndevice_allow = [\"/dev/kvm\"]", 8, 1, "device_allow has no effect on the host's /dev")]
    [InlineData("private_devices = true\ndevice_allow = [\"kvm\"]", 8, 17, "protect.device_allow = \"kvm\" is not an absolute path")]
    [InlineData("private_devices = true\ndevice_allow = [\"/dev/../etc/passwd\"]", 8, 17, "protect.device_allow = \"/dev/../etc/passwd\"")]
    [InlineData("private_devices = true\ndevice_allow = [\"/dev\"]", 8, 17, "\"/dev\" does not lie below /dev")]
    [InlineData("private_devices = true\ndevice_allow = [\"/devices/x\"]", 8, 17, "\"/devices/x\" does not lie below /dev")]
    [InlineData("private_devices = true\ndevice_allow = [\"/dev/pts/0\"]", 8, 17, "\"/dev/pts/0\" is below what a private /dev has of its own")]
    [InlineData("private_devices = true\ndevice_allow = [\"/dev/shm/x\"]", 8, 17, "\"/dev/shm/x\" is below what a private /dev has of its own")]
    [InlineData("private_devices = true\ndevice_allow = [\"/dev/ptmx\"]", 8, 17, "\"/dev/ptmx\" is what a private /dev has of its own")]
    [InlineData("private_devices = true\n[[mount]]\ntarget = \"/dev\"", 9, 10, "\"/dev\" is the target of two mounts")]
    public void What_makes_no_sense_is_refused_with_its_line(string lines, int line, int column, string message)
    {
        Diagnostic fault = Assert.Single(Reading.Faults($"{Head}[protect]\n{lines}\n"));
        Assert.Equal((line, column), (fault.Location.Line, fault.Location.Column));
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
    }

    private const string Head = "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n\n";
    private const string Devices = "[protect]\nprivate_devices = true\n";

    private static IEnumerable<string> Steps(string lines) => Valid(lines).StepsButProc().OfType<SetupStep.MountStep>().Select(step => step switch
    {
        SetupStep.DeviceMount device => $"{device.Target} {device.Number?.ToString() ?? "any"}",
        SetupStep.KernelMount kernel => $"{kernel.Target} {kernel.FileSystem}",
        _ => $"{step.Target} tmpfs",
    });

    private static SessionPlan Valid(string lines)
    {
        Profile profile = Reading.Valid(Head + lines);
        var allowed = Assert.IsType<Decision.Allowed>(AccessRules.Decide(profile, People.Alice, People.Database, "run", [ByteString.FromText("/bin/true")]));
        return Assert.IsType<PlanningResult.Valid>(Plans.Of(allowed.Grant)).Plan;
    }
}
