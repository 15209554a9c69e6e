using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>Joins the network namespace that the administrator keeps under a name (ip-netns(8)): a file of nsfs at the end of a way that is root's alone.</summary>
internal sealed unsafe class NetworkLowering(CallBuilder calls)
{
    private readonly InstructionBuilder builder = calls.Builder;

    /// <summary>While the host's /proc is there, which says where the process is then: a filter that only claims success would leave it on the host's network.</summary>
    public void Join(Isolation isolation)
    {
        if (isolation.JoinedNetwork is not AbsolutePath path)
        {
            return;
        }

        builder.About(SetupStage.Namespaces, path.Text, isolation.NamespacesLocation);
        Slot kept = new RootControlledPath(calls).Open("network", path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        calls.ExpectFileSystem(kept, NSFS_MAGIC);
        byte* asked = calls.Statx(kept, (uint)STATX_BASIC_STATS, 0xa5);
        builder.Add(SystemCall.SetNs, [kept, (int)NamespaceSet.Network]);
        Slot proc = calls.Open("proc", AT_FDCWD, "/proc", CallBuilder.PathDirectory, CallBuilder.NoLinks);
        calls.ExpectFileSystem(proc, PROC_SUPER_MAGIC);
        byte* found = calls.StatxFollowed(proc, "self/ns/net", (uint)STATX_BASIC_STATS, 0x5a);
        calls.ExpectMemory(Expectation.Equal, found + CallBuilder.StatxInodeOffset, asked + CallBuilder.StatxInodeOffset, sizeof(ulong));
        calls.Close(proc);
        calls.Close(kept);
    }
}
