using NsHelper.Planning.Namespaces;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>Namespaces of a session, by descriptors that are open until they are entered.</summary>
/// <param name="All">What the session is in.</param>
/// <param name="Entered">Those of them that the caller is not in.</param>
internal sealed record JoinedNamespaces(NamespaceIds All, List<JoinedNamespace> Entered)
{
    public JoinedNamespace? Find(NamespaceKind kind) => Entered.Find(entered => entered.Kind == kind);

    /// <summary>For the monitor, which stays outside.</summary>
    public void Close()
    {
        foreach (JoinedNamespace entered in Entered)
        {
            _ = close(entered.Descriptor); // it was opened for this, and nobody else has it
        }
    }
}

/// <param name="Id">Its inode number on nsfs.</param>
/// <param name="Bit">Its CLONE_NEW* bit.</param>
internal sealed record JoinedNamespace(NamespaceKind Kind, NamespaceSet Bit, ulong Id, int Descriptor);
