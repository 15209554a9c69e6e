using NsHelper.Linux.Namespaces;
using NsHelper.Linux.Native;
using NsHelper.Planning.Namespaces;
using Xunit;

namespace NsHelper.Linux.Tests;

public sealed class NamespaceReaderTests
{
    private const int ESRCH = 3;

    [Fact]
    public void Ids_of_this_process_are_those_of_its_links()
    {
        NamespaceIds ids = NamespaceReader.Read(null);
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            string name = NamespaceKinds.NameOf(kind);
            Assert.Equal(new FileInfo($"/proc/self/ns/{name}").LinkTarget, $"{name}:[{ids[kind]}]");
        }
    }

    [Fact]
    public void A_process_in_other_namespaces_differs_in_exactly_those()
    {
        using ShellInNamespaces shell = ShellInNamespaces.Start(["--mount", "--uts"], "");
        NamespaceIds own = NamespaceReader.Read(null);
        NamespaceIds other = NamespaceReader.Read(shell.ProcessId);
        NamespaceKind[] expected = Environment.IsPrivilegedProcess
            ? [NamespaceKind.Mount, NamespaceKind.Uts]
            : [NamespaceKind.Mount, NamespaceKind.User, NamespaceKind.Uts];
        Assert.Equal(expected, NamespaceKinds.All.Where(kind => own[kind] != other[kind]));
    }

    [Fact]
    public void A_process_that_is_not_there_is_no_such_process()
    {
        // PID_MAX_LIMIT itself is never given to a process.
        SystemCallException fault = Assert.Throws<SystemCallException>(() => NamespaceReader.Read(4 * 1024 * 1024));
        Assert.Equal(ESRCH, fault.Errno);
    }

    [Theory]
    [InlineData("mnt:[4026531841]", 4026531841)]
    [InlineData("mnt:[18446744073709551615]", ulong.MaxValue)]
    [InlineData("mnt:[18446744073709551616]", null)]
    [InlineData("mnt:[]", null)]
    [InlineData("mnt:[", null)]
    [InlineData("mnt:[-1]", null)]
    [InlineData("mnt:[1] ", null)]
    [InlineData("net:[1]", null)]
    [InlineData("/etc/passwd", null)]
    [InlineData("", null)]
    public void Only_links_of_the_kernels_form_are_ids(string link, object? expected) =>
        Assert.Equal(expected is null ? null : Convert.ToUInt64(expected, null), NamespaceLink.Parse(System.Text.Encoding.ASCII.GetBytes(link), "mnt"));
}
