using NsHelper.Planning.Identity;
using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Registry;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// Writes down where the session is: the kernel's own words for its first process and its namespaces become the text of a symbolic link, in one call
/// when everything else is done. So who finds it finds a session that stands.
/// </summary>
internal sealed unsafe class RegistryLowering(CallBuilder calls, CredentialLowering credentials, SessionPlan plan)
{
    /// <summary>Less than any process's stat has.</summary>
    private const int LeastStat = 40;

    private readonly InstructionBuilder builder = calls.Builder;
    private readonly byte* text = Text(calls.Builder.Memory);
    private Slot directory;

    /// <summary>Where the namespaces are in columns, after <see cref="Look"/>.</summary>
    public byte* Namespaces => text;

    /// <summary>While the host's tree is there: the directory that was made before the plan.</summary>
    public void Open()
    {
        About();
        credentials.SetFileIds(new UserId(0), new GroupId(0));
        Slot run = calls.OpenRunDirectory();
        directory = calls.Open("registry", run, string.Concat(StateDirectories.Sessions, "/", plan.Caller.UserId.ToString()), CallBuilder.PathDirectory, CallBuilder.Beneath);
        calls.Close(run);
        credentials.SetFileIds(plan.Credentials.UserId, plan.Credentials.GroupId);
    }

    /// <summary>While the host's /proc is there, and in the session's namespaces. A kernel without a kind leaves its column empty.</summary>
    public void Look()
    {
        About();
        Slot own = calls.Open("own", AT_FDCWD, "/proc/self", CallBuilder.PathDirectory, (ulong)RESOLVE_NO_MAGICLINKS);
        int column = 0;
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            builder.Add(SystemCall.ReadLinkAt, [own, calls.Text($"ns/{NamespaceKinds.NameOf(kind)}"), text + (column++ * SessionPlace.ColumnWidth), SessionPlace.ColumnWidth]);
            builder.Last.Foreseen = Foreseen.AnyError;
        }

        Slot stat = calls.Open("stat", own, "stat", O_RDONLY | O_CLOEXEC, CallBuilder.Beneath);
        builder.AddNumber(SystemCall.Read, "length", [stat, text + (column * SessionPlace.ColumnWidth), SessionPlace.StatLength], LeastStat);
        calls.Close(stat);
        calls.Close(own);
    }

    public void Write()
    {
        About();
        credentials.SetFileIds(new UserId(0), new GroupId(0));
        builder.Add(SystemCall.SymlinkAt, [text, directory, calls.Text(plan.SessionId)]);
        credentials.SetFileIds(plan.Credentials.UserId, plan.Credentials.GroupId);
    }

    private void About() => builder.About(SetupStage.Registry, SessionFiles.Directory, null);

    private static byte* Text(UnmanagedMemory memory)
    {
        byte[] empty = SessionPlace.Empty();
        byte* text = memory.Allocate(empty.Length);
        empty.CopyTo(new Span<byte>(text, empty.Length));
        return text;
    }
}
