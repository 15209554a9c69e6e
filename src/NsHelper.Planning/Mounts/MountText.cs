using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Output;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Mounts;

/// <summary>A mount table as a tree with columns; the source comes last because it may be of any length.</summary>
internal static class MountText
{
    private const int TargetWidth = 26;
    private const int TypeWidth = 8;
    private const int FlagsWidth = 22;
    private const int PropagationWidth = 11;
    private const int SourceWidth = 40;

    public static string Of(MountReport report, OutputStyle style, Verbosity verbosity)
    {
        var table = new TextTable(style, TargetWidth, TypeWidth, FlagsWidth, PropagationWidth, SourceWidth);
        if (verbosity != Verbosity.Quiet)
        {
            table.Add(TextCell.Titles("TARGET", "TYPE", "FLAGS", "PROPAGATION", "SOURCE"));
        }

        ImmutableArray<MountNode> nodes = report.Nodes;
        ImmutableArray<SourceLocation?> lines = report.NewLines;
        for (int i = 0; i < nodes.Length; i++)
        {
            MountEntry mount = nodes[i].Entry;
            table.Add(
                TreeLines.Before(nodes[i], style.Lines) + mount.Target,
                mount.FilesystemType.ToString(),
                FlagsOf(mount, verbosity),
                Of(mount.Propagation),
                SourceOf(mount));
            string below = TreeLines.Below(nodes[i], i + 1 < nodes.Length ? nodes[i + 1] : null, style.Lines);
            if (verbosity == Verbosity.Verbose)
            {
                table.Remark(below + Details(mount));
            }

            if (lines[i] is SourceLocation line && verbosity != Verbosity.Quiet)
            {
                table.Remark(below + Escaped.Text(line.ToString()));
            }
        }

        if (verbosity != Verbosity.Quiet)
        {
            foreach (string remark in report.Remarks)
            {
                table.Remark(remark);
            }
        }

        return table.ToString();
    }

    /// <summary>The words of mountinfo; a mount in no peer group is private.</summary>
    public static string Of(MountPropagation propagation)
    {
        var words = new StringBuilder();
        Append(words, "shared", propagation.Shared);
        Append(words, "master", propagation.Master);
        Append(words, "propagate_from", propagation.PropagateFrom);
        if (propagation.Unbindable)
        {
            words.Append(words.Length == 0 ? "unbindable" : " unbindable");
        }

        return words.Length == 0 ? "private" : words.ToString();
    }

    private static void Append(StringBuilder words, string tag, int? group)
    {
        if (group is { } number)
        {
            words.Append(words.Length == 0 ? "" : " ").Append(tag).Append(CultureInfo.InvariantCulture, $":{number}");
        }
    }

    /// <summary>relatime is what every mount has unless it was asked otherwise, so only -v shows it.</summary>
    public static string FlagsOf(MountEntry mount, Verbosity verbosity)
    {
        string[] flags = mount.Options.ToString().Split(',');
        return string.Join(',', verbosity == Verbosity.Verbose ? flags : Array.FindAll(flags, flag => flag != "relatime"));
    }

    /// <summary>As findmnt(8): a directory within the file system, which is what a bind mount shows, stands in brackets.</summary>
    public static string SourceOf(MountEntry mount) =>
        mount.Root.Span.SequenceEqual("/"u8) ? mount.Source.ToString() : $"{mount.Source}[{mount.Root}]";

    private static string Details(MountEntry mount) => string.Create(
        CultureInfo.InvariantCulture,
        $"id {mount.Id}, parent {mount.ParentId}, device {mount.DeviceMajor}:{mount.DeviceMinor}, options {mount.FilesystemOptions}");
}
