using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[root]: the host's tree, in this version.</summary>
internal static class RootReader
{
    public static RootSettings Read(TableReader top)
    {
        TableReader? table = top.Table("root");
        bool readOnly = table?.Flag("read_only") ?? false;
        table?.Choice("mode");
        var settings = new RootSettings
        {
            ReadOnly = readOnly,
            Propagation = table is null ? Propagation.Slave : PropagationOf(table, readOnly),
            WorkingDirectory = table?.Text("working_directory")?.Value ?? "caller",
            WorkingDirectoryFallback = table?.Text("working_directory_fallback")?.Value ?? "/",
            Location = DiagnosticList.LocationOf(table?.Span ?? top.Span),
        };
        table?.Finish();
        return settings;
    }

    private static Propagation PropagationOf(TableReader table, bool readOnly)
    {
        Propagation? written = table.Choice("propagation") switch
        {
            0 => Propagation.Slave,
            1 => Propagation.Private,
            2 => Propagation.Shared,
            3 => Propagation.Unchanged,
            _ => null,
        };

        // The planner would refuse it for every caller; said here, it is said to the administrator.
        if (written == Propagation.Unchanged)
        {
            table.Refuse(table.SpanOf("propagation"), "root.propagation = \"unchanged\" would carry the session's own mounts to the host", "accepted: slave, private, shared");
        }
        else if (readOnly && written is not (null or Propagation.Private))
        {
            // What the host mounts later would arrive in the session, and arrive writable.
            table.Refuse(table.SpanOf("propagation"), "a read-only root must be private", "leave propagation out, or write propagation = \"private\"");
        }

        return written ?? (readOnly ? Propagation.Private : Propagation.Slave);
    }
}
