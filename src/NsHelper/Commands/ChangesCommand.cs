using System.Text;
using NsHelper.Linux.Files;
using NsHelper.Linux.Host;
using NsHelper.Linux.Layers;
using NsHelper.Linux.Native;
using NsHelper.Linux.Process;
using NsHelper.Planning;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Overlays;

namespace NsHelper.Commands;

/// <summary>
/// `changes`: what overlays of the caller keep, to look at, to take along and to throw away. The directories are opened and removed as root,
/// everything in them is read with the caller's rights, and a user meets the layers of no other.
/// </summary>
internal static class ChangesCommand
{
    private const int WrittenAtOnce = 64 * 1024;

    public static int Run(Invocation.Changes invocation, CleanProcess process)
    {
        string subject = invocation.Name is { } name ? $"the changes of {name}" : "the changes";
        try
        {
            return invocation switch
            {
                { Name: null } => List(invocation, process),
                { Discards: true, Name: { } discarded } => Discard(discarded, process),
                { Export: { } file, Name: { } exported } => Export(exported, file, process),
                { Name: { } shown } => Show(shown, invocation, process),
            };
        }
        catch (SystemCallException fault)
        {
            string reason = fault.Subject.Length == 0 ? $"{fault.Call}: {ErrnoText.Of(fault.Errno)}" : $"{Escaped.Text(fault.Subject)}: {fault.Call}: {ErrnoText.Of(fault.Errno)}";
            Report.Refusal(invocation.Discards ? "discard" : invocation.Export is null ? "show" : "export", subject, reason, null);
            return ExitStatus.No;
        }
        catch (UntrustedFileException fault)
        {
            Report.Refusal(invocation.Discards ? "discard" : "show", subject, $"{Escaped.Text(fault.Path)} {fault.Defect}", null);
            return ExitStatus.No;
        }
    }

    private static int List(Invocation.Changes invocation, CleanProcess process)
    {
        var privileges = RaisedPrivileges.ForReading(process);
        long now = HostFacts.Now();
        List<(string Name, int Process)> live = LiveLayers.Read();
        List<LayerSummary> summaries = [];
        foreach (Layer layer in LayerStore.Open(privileges, process.RealUser, null))
        {
            var count = new ChangeCount();
            if (layer.Upper is { } upper)
            {
                new LayerWalk(privileges, count).Run(upper, default);
            }

            summaries.Add(new LayerSummary
            {
                Scope = layer.Scope,
                Name = layer.Name,
                Profile = layer.Profile,
                Target = layer.Target,
                Changes = count.Changes,
                Size = count.Size,
                Age = Math.Max(0, now - layer.LastUsed),
                IsRunning = live.Exists(entry => entry.Name == layer.Name),
            });
        }

        return Report.Answer(
            invocation.Output.Form == OutputForm.Json ? ChangesJson.Of(summaries)
            : invocation.Output.Verbosity == Verbosity.Quiet ? ChangesText.NamesOf(summaries)
            : ChangesText.Of(summaries, AnswerStyle.Of(invocation.Output, process)));
    }

    private static int Show(string name, Invocation.Changes invocation, CleanProcess process)
    {
        var privileges = RaisedPrivileges.ForReading(process);
        if (Find(name, privileges, process, "show") is not { } layers)
        {
            return ExitStatus.No;
        }

        using ChangesJson? json = invocation.Output.Form == OutputForm.Json ? new ChangesJson(name) : null;
        var list = new ChangeList(json);
        var walk = new LayerWalk(privileges, list);
        foreach (Layer layer in layers)
        {
            if (layer is { Upper: { } upper, Target: { } target })
            {
                walk.Run(upper, ByteString.FromText(target.IsRoot ? "/" : $"{target.Text}/"));
            }
        }

        list.End();
        return list.IsWritten ? TellUnreadable(list.Unreadable, "show") : Report.Answer("");
    }

    private static int Export(string name, ByteString file, CleanProcess process)
    {
        var privileges = RaisedPrivileges.ForReading(process);
        if (Find(name, privileges, process, "export") is not { } layers)
        {
            return ExitStatus.No;
        }

        using LayerArchive archive = LayerArchive.Create(file, process.State.WorkingDirectory, process.State.Umask);
        try
        {
            var walk = new LayerWalk(privileges, archive);
            foreach (Layer layer in layers)
            {
                if (layer is { Upper: { } upper, Target: { } target })
                {
                    walk.Run(upper, ByteString.FromText(target.IsRoot ? "" : $"{target.Text[1..]}/"));
                }
            }

            archive.Finish();
        }
        catch (SystemCallException)
        {
            archive.Abandon();
            throw;
        }

        return TellUnreadable(archive.Faults, "export");
    }

    private static int Discard(string name, CleanProcess process)
    {
        foreach ((string live, int pid) in LiveLayers.Read())
        {
            if (live == name)
            {
                Report.Refusal("discard", $"the changes of {name}", $"a session that is running has them (process {pid})", null);
                return ExitStatus.No;
            }
        }

        if (LayerRemoval.Remove(RaisedPrivileges.ForRemoval(process), process.RealUser, name) > 0)
        {
            return ExitStatus.Done;
        }

        TellNothing("discard", name);
        return ExitStatus.No;
    }

    /// <summary>Null when there is nothing, which is then told.</summary>
    private static List<Layer>? Find(string name, RaisedPrivileges privileges, CleanProcess process, string verb)
    {
        List<Layer> layers = LayerStore.Open(privileges, process.RealUser, name);
        if (layers.Count > 0)
        {
            return layers;
        }

        TellNothing(verb, name);
        return null;
    }

    private static void TellNothing(string verb, string name) => Report.Refusal(verb, $"the changes of {name}", "nothing is kept under that name (`nshelper changes` lists what is)", null);

    /// <summary>An answer with gaps is said to have them.</summary>
    private static int TellUnreadable(IReadOnlyList<(ByteString Path, int Errno)> unreadable, string verb)
    {
        foreach ((ByteString path, int errno) in unreadable)
        {
            Report.Refusal(verb, path, ErrnoText.Of(errno));
        }

        return unreadable.Count == 0 ? ExitStatus.Done : ExitStatus.No;
    }

    private sealed class ChangeCount : ILayerVisitor
    {
        public int Changes { get; private set; }

        public long Size { get; private set; }

        public bool Visit(in LayerEntry entry)
        {
            Changes += LayerChange.KindOf(entry.Type, entry.Mark) is null ? 0 : 1;
            Size += entry.Size;
            return true;
        }

        // The list is of what the user may see; who asks for one layer is told what is missing.
        public void Unreadable(ByteString path, int errno)
        {
        }
    }

    /// <summary>Written piece by piece: a layer may have more changes than fit into memory.</summary>
    private sealed class ChangeList(ChangesJson? json) : ILayerVisitor
    {
        private readonly StringBuilder text = new();
        private readonly List<(ByteString Path, int Errno)> unreadable = [];
        private int pending;

        public bool IsWritten { get; private set; } = true;

        public IReadOnlyList<(ByteString Path, int Errno)> Unreadable => unreadable;

        public bool Visit(in LayerEntry entry)
        {
            if (LayerChange.KindOf(entry.Type, entry.Mark) is ChangeKind kind)
            {
                var change = new LayerChange(kind, entry.Path, entry.Type, entry.Size);
                json?.Add(change);
                string line = ChangesText.Of(change);
                _ = json is null ? text.Append(line) : text;
                pending += line.Length;
                Write(WrittenAtOnce);
            }

            return IsWritten;
        }

        void ILayerVisitor.Unreadable(ByteString path, int errno) => unreadable.Add((path, errno));

        public void End()
        {
            json?.End(unreadable.ConvertAll(entry => entry.Path));
            Write(0);
        }

        private void Write(int least)
        {
            if (pending < least || !IsWritten)
            {
                return;
            }

            IsWritten = StandardStreams.WriteOutput(json is null ? text.ToString() : json.Take());
            text.Clear();
            pending = 0;
        }
    }
}
