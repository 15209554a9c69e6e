using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>
/// Why it exists: section E, devices. What a name in /dev leads to is mounted without nodev, and programs write to /dev/null what they want to
/// be rid of: a name that leads elsewhere is a file of root's that is overwritten, or a disk.
/// </summary>
public sealed class DeviceAttackTests : SystemTest
{
    private const string Devices = "[protect]\nprivate_devices = true\n";

    /// <summary>mnt-mask-redirect: /dev/full is something else on this host.</summary>
    [Theory]
    [InlineData("mknod -m 0666 /dev/full c 1 3", "/dev/full is not the device that it should be")]
    [InlineData("mknod -m 0666 /dev/full c 2 7", "/dev/full is not the device that it should be")]
    [InlineData("mknod -m 0666 /dev/full b 1 7", "/dev/full is not the device that it should be")]
    [InlineData("mkfifo -m 0666 /dev/full", "/dev/full is not the device that it should be")]
    [InlineData("touch /dev/full", "/dev/full is not the device that it should be")]
    [InlineData("mkdir /dev/full", "/dev/full is not the device that it should be")]
    [InlineData("ln -s full.real /dev/full", "the device /dev/full is a symbolic link; name what it leads to")]
    [InlineData("ln -s /etc/shadow /dev/full", "the device /dev/full is a symbolic link; name what it leads to")]
    [InlineData("true", "the device /dev/full does not exist")]
    public void A_name_that_leads_to_another_device_or_to_none_is_refused(string planted, string message)
    {
        Install("t", Devices);
        RootShell.Run("mv /dev/full /dev/full.real");
        Undo(() => RootShell.Run("rm -rf /dev/full; mv /dev/full.real /dev/full"));
        RootShell.Run(planted);
        MustBeRefused(message);
    }

    /// <summary>mnt-special-file: what the administrator names as a device and is none is not even opened to be read or written.</summary>
    [Theory]
    [InlineData("mkfifo -m 0666 /dev/extra", "/dev/extra is not the device that it should be")]
    [InlineData("touch /dev/extra; chmod 0666 /dev/extra", "/dev/extra is not the device that it should be")]
    [InlineData("mkdir -m 0777 /dev/extra", "/dev/extra is not the device that it should be")]
    [InlineData("ln -s null /dev/extra", "the device /dev/extra is a symbolic link; name what it leads to")]
    [InlineData("true", "the device /dev/extra does not exist")]
    public void What_is_no_device_is_not_brought_as_one(string planted, string message)
    {
        Install("t", Devices + "device_allow = [\"/dev/extra\"]\n");
        Undo(() => RootShell.Run("rm -rf /dev/extra"));
        RootShell.Run(planted);
        MustBeRefused(message);
    }

    /// <summary>mnt-mask-redirect: a root whose /dev is the user's, with links where the devices should be.</summary>
    [Fact]
    public void A_dev_that_a_user_shaped_is_covered_and_not_looked_into()
    {
        const string root = "/mnt/srv/root";
        Directory.CreateDirectory(Temporary(root));
        RootShell.Run($"mkdir -p {root}/usr {root}/bin {root}/lib {root}/lib64 {root}/dev {root}/etc; echo canary >{root}/etc/canary; chmod 0666 {root}/etc/canary");
        RootShell.Run($"ln -s ../etc/canary {root}/dev/null; ln -s ../etc {root}/dev/pts; ln -s ../etc {root}/dev/shm; chown -hR 12001 {root}/dev");
        Install("t", Devices + $"[root]\nmode = \"directory\"\ndirectory = \"{root}\"\nworking_directory = \"/\"\n"
            + string.Concat(((string[])["usr", "bin", "lib", "lib64"]).Select(name => $"[[mount]]\nsource = \"{(name == "usr" ? "" : "/usr")}/{name}\"\ntarget = \"/{name}\"\noptions = [\"ro\"]\n")));
        SessionResult result = SessionCommand.Run("t", "/bin/sh", "-c", "echo gone >/dev/null; : >/dev/shm/x; ls /etc; cat /etc/canary").Execute();
        Assert.True(result.OutputText == "canary\ncanary\n", result.ToString());
    }

    private static void MustBeRefused(string message)
    {
        SessionResult result = SessionCommand.Run("t", "/bin/true").Execute();
        Assert.True(result.IsRefusal, result.ToString());
        Assert.Contains(message, result.ErrorText, StringComparison.Ordinal);
    }
}
