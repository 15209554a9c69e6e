using NsHelper.Planning.Paths;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[root]: what the session's "/" is.</summary>
internal static class RootReader
{
    public static RootSettings Read(TableReader top, SiteSettings site)
    {
        TomlText? protectedBy = ProtectedPlacesReader.ReadOnlyRoot(top.Content);
        TomlText? noExec = ProtectedPlacesReader.NoExecRoot(top.Content);
        if (top.Table("root") is not TableReader table)
        {
            return new RootSettings
            {
                Mode = RootMode.Host,
                Directory = null,
                Size = site.TmpfsDefaultSize,
                ReadOnly = protectedBy is not null,
                IsStrict = protectedBy?.Value == "strict",
                NoExec = noExec is not null,
                Propagation = protectedBy is not null ? Propagation.Private : Propagation.Slave,
                WorkingDirectory = "caller",
                WorkingDirectoryFallback = "/",
                Location = DiagnosticList.LocationOf(protectedBy?.Span ?? noExec?.Span ?? top.Span),
            };
        }

        bool written = table.Flag("read_only") ?? false;
        bool readOnly = written || protectedBy is not null;
        RootMode mode = ModeOf(table);
        UpperChoice upper = mode == RootMode.Overlay ? UpperOf(table) : UpperChoice.Tmpfs;
        var settings = new RootSettings
        {
            Mode = mode,
            Directory = mode is RootMode.Directory or RootMode.Overlay ? DirectoryOf(table, mode) : null,
            Upper = upper,
            Size = mode == RootMode.Tmpfs || (mode == RootMode.Overlay && upper == UpperChoice.Tmpfs) ? Amounts.TmpfsSize(table, site) : site.TmpfsDefaultSize,
            ReadOnly = readOnly,
            IsStrict = !written && protectedBy?.Value == "strict",
            NoExec = noExec is not null,
            Propagation = PropagationOf(table, readOnly),
            WorkingDirectory = table.Text("working_directory")?.Value ?? "caller",
            WorkingDirectoryFallback = table.Text("working_directory_fallback")?.Value ?? "/",
            Location = DiagnosticList.LocationOf(table.Span),
        };
        table.Finish();
        return settings;
    }

    private static RootMode ModeOf(TableReader table)
    {
        int? written = table.Choice("mode");
        if (written is null && table.Has("mode"))
        {
            // Of a mode that is wrong, or of a later version, nobody knows which keys belong to it.
            table.Take("directory");
            table.Take("size");
            table.Take("upper");
            return RootMode.Host;
        }

        RootMode mode = written switch
        {
            1 => RootMode.Tmpfs,
            2 => RootMode.Directory,
            3 => RootMode.Overlay,
            _ => RootMode.Host,
        };
        if (mode is not (RootMode.Directory or RootMode.Overlay))
        {
            MountReader.RefuseKeys(table, ["directory"], "this root", "mode = \"directory\" or \"overlay\"");
        }

        if (mode is not (RootMode.Tmpfs or RootMode.Overlay))
        {
            MountReader.RefuseKeys(table, ["size"], "this root", "mode = \"tmpfs\" or \"overlay\"");
        }

        if (mode != RootMode.Overlay)
        {
            MountReader.RefuseKeys(table, ["upper"], "this root", "mode = \"overlay\"");
        }

        return mode;
    }

    private static UpperChoice UpperOf(TableReader table)
    {
        var upper = (UpperChoice)(table.Choice("upper") ?? 0);
        if (upper != UpperChoice.Tmpfs)
        {
            MountReader.RefuseKeys(table, ["size"], $"a root with upper = \"{table.Text("upper")?.Value}\"", "upper = \"tmpfs\"");
        }

        return upper;
    }

    private static AbsolutePath? DirectoryOf(TableReader table, RootMode mode)
    {
        if (table.Text("directory") is not TomlText text)
        {
            if (!table.Has("directory"))
            {
                table.Refuse(table.SpanOf("mode"), $"a root of mode \"{table.Text("mode")?.Value}\" needs the directory", mode == RootMode.Overlay
                    ? "write directory = \"/\" for the host's own root, or \"/srv/trees/NAME\""
                    : "write directory = \"/srv/trees/NAME\"");
            }

            return null;
        }

        AbsolutePath directory = AbsolutePath.Parse(text.Value);
        if (directory.IsRoot && mode == RootMode.Overlay)
        {
            return directory;
        }

        if (directory.IsRoot)
        {
            table.Refuse(text.Span, "root.directory is the host's own root", "leave out mode and directory");
        }
        else if (MountPlaces.SourceFault(directory) is string fault)
        {
            table.Refuse(text.Span, $"root.directory \"{Escaped.Shown(text.Value)}\" {fault}", null);
        }

        return directory;
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
