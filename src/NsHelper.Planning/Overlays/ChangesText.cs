using System.Diagnostics;
using System.Globalization;
using NsHelper.Planning.Output;

namespace NsHelper.Planning.Overlays;

/// <summary>What `changes` prints for people: one line a layer, one line a change.</summary>
internal static class ChangesText
{
    private const int NameWidth = 32;
    private const int TargetWidth = 40;

    public static string Of(LayerChange change) =>
        $"{LetterOf(change.Kind)} {Escaped.Bytes(change.Path.Span)}{(change.Type == LayerEntryType.Directory ? "/" : "")}\n";

    /// <summary>Each name once, for programs.</summary>
    public static string NamesOf(IReadOnlyList<LayerSummary> layers)
    {
        string names = "";
        string last = "";
        foreach (LayerSummary layer in layers)
        {
            // What has one name stands together.
            names += layer.Name == last ? "" : $"{layer.Name}\n";
            last = layer.Name;
        }

        return names;
    }

    public static string Of(IReadOnlyList<LayerSummary> layers, OutputStyle style)
    {
        if (layers.Count == 0)
        {
            return "";
        }

        var table = new TextTable(style, NameWidth, TargetWidth, 12, 12, 10);
        table.Add(TextCell.Titles("NAME", "PROFILE TARGET", "CHANGES", "SIZE", "AGE"));
        foreach (LayerSummary layer in layers)
        {
            string place = layer.Target is { } target ? $"{layer.Profile} {Escaped.Text(target.Text)}" : "-";
            table.Add(
                layer.Name, place, layer.Changes.ToString(CultureInfo.InvariantCulture), SizeOf(layer.Size), layer.IsRunning ? "running" : Texts.Age(layer.Age));
        }

        return table.ToString();
    }

    /// <summary>The first letter of what happened, as git status has it.</summary>
    private static char LetterOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => 'A',
        ChangeKind.Modified => 'M',
        ChangeKind.Deleted => 'D',
        ChangeKind.Opaque => 'O',
        _ => throw new UnreachableException(),
    };

    private static string SizeOf(long bytes) => bytes switch
    {
        < 10 << 10 => bytes.ToString(CultureInfo.InvariantCulture),
        < 10 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10}K"),
        < 10L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30}G"),
    };
}
