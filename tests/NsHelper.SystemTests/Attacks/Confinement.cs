using NsHelper.SystemTests.Harness;
using Xunit;

namespace NsHelper.SystemTests.Attacks;

/// <summary>What must be true of every command that nshelper starts, whatever the caller did: the sweeps allow a start only if all of it holds.</summary>
internal static class Confinement
{
    private const string None = "0000000000000000";

    /// <param name="mayLackStreams">Standard streams may be closed: where the helper was told that it had opened one, and closed it.</param>
    public static void MustBeWhole(ProbeReport probe, TestUser user, bool mayLackStreams = false)
    {
        Assert.Equal([user.UserId, user.UserId, user.UserId, user.UserId], probe.UserIds);
        Assert.Equal([user.GroupId, user.GroupId, user.GroupId, user.GroupId], probe.GroupIds);
        Assert.Equal(user.Groups.Order(), probe.Groups.Order());
        foreach (string set in new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" })
        {
            Assert.True(probe.Text(set) == None, $"{set} is {probe.Text(set)}");
        }

        Assert.Equal("1", probe.Text("NoNewPrivs"));
        Assert.Equal(0, probe.Number("securebits"));
        Assert.Equal(0, probe.Number("keepcaps"));
        if (mayLackStreams)
        {
            Assert.All(probe.Descriptors, descriptor => Assert.InRange(descriptor.Number, 0, 2));
        }
        else
        {
            Assert.Equal([0, 1, 2], probe.Descriptors.Select(descriptor => descriptor.Number));
        }

        Assert.NotEqual(new FileInfo("/proc/1/ns/mnt").LinkTarget, probe.Text("mnt"));
        Assert.Equal(new FileInfo("/proc/1/ns/user").LinkTarget, probe.Text("user"));
        Assert.All(probe.Mounts, mount => Assert.Contains("nosuid", mount.Options));
    }

    /// <summary>After a disturbed start: either the command never ran, or it ran fully confined.</summary>
    public static void MustBeWholeOrAbsent(SessionResult result, TestUser user, string what, bool mayLackStreams = false)
    {
        if (result.Output.Length == 0)
        {
            Assert.True(result.ExitStatus != 0, $"{what}: nothing ran, and yet it is said to have worked: {result}");
            return;
        }

        try
        {
            MustBeWhole(ProbeReport.Parse(result.Output), user, mayLackStreams);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{what}: the command ran and {fault.Message}", fault);
        }
    }
}
