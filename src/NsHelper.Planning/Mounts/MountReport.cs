using System.Collections.Immutable;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Mounts;

/// <summary>What the verb mounts answers: a mount table as a tree, and of a session the line of its profile that made each mount.</summary>
internal sealed record MountReport
{
    private MountReport()
    {
    }

    /// <summary>Null for the caller's own table.</summary>
    public required int? ProcessId { get; init; }
    public required ImmutableArray<MountNode> Nodes { get; init; }

    /// <summary>One for each node; null where no line is known.</summary>
    public required ImmutableArray<SourceLocation?> MadeBy { get; init; }

    /// <summary>The same without what came with the mount it stands on: that is told of a tree once.</summary>
    public ImmutableArray<SourceLocation?> NewLines
    {
        get
        {
            Dictionary<int, int> indexOf = [];
            var lines = ImmutableArray.CreateBuilder<SourceLocation?>(Nodes.Length);
            for (int i = 0; i < Nodes.Length; i++)
            {
                bool isToldAbove = indexOf.TryGetValue(Nodes[i].Entry.ParentId, out int parent) && MadeBy[parent] == MadeBy[i];
                lines.Add(isToldAbove ? null : MadeBy[i]);
                indexOf.TryAdd(Nodes[i].Entry.Id, i);
            }

            return lines.MoveToImmutable();
        }
    }

    /// <summary>Null when the process does not say that it is in a session.</summary>
    public SessionClaim? Session { get; private init; }

    /// <summary>Why no lines are shown of a process that is in a session; null when they are.</summary>
    public string? Fault { get; private init; }

    /// <summary>What is said below the table.</summary>
    public IEnumerable<string> Remarks
    {
        get
        {
            if (Session is { } session)
            {
                yield return session.ToString();
            }

            if (Fault is { } fault)
            {
                yield return $"which lines of the profile made the mounts is not known: {fault}";
            }
        }
    }

    public static MountReport Of(ImmutableArray<MountEntry> table, int? processId)
    {
        ImmutableArray<MountNode> nodes = MountTree.Of(table);
        return new MountReport { ProcessId = processId, Nodes = nodes, MadeBy = ImmutableArray.Create(new SourceLocation?[nodes.Length]) };
    }

    /// <param name="outline">Null after a refusal, which is then <paramref name="fault"/>.</param>
    public MountReport OfSession(SessionClaim session, SessionOutline? outline, string? fault) => this with
    {
        Session = session,
        Fault = fault,
        MadeBy = outline is null ? MadeBy : MountOrigins.Of(Nodes, outline),
    };
}
