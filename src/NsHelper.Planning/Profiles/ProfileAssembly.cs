using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// Puts a profile together from its files. It reads none itself: it names the profile whose files it wants next, and is given them. Every
/// file is checked by itself; then the parents are laid down in the order in which `extends` names them, each once, and the profile's own files on top.
/// </summary>
internal sealed class ProfileAssembly
{
    /// <summary>Profiles that extend each other, one below the other.</summary>
    public const int MaxDepth = 8;

    /// <summary>All files of a profile together: a hundred times what a profile has, few enough to be read in no time.</summary>
    public const int MaxBytes = 4 * ProfileText.MaxBytes;

    private const int MaxProfiles = 32;

    private readonly DiagnosticList diagnostics = new();
    private readonly List<Part> inOrder = [];
    private readonly Stack<Part> open = [];
    private readonly SiteSettings site;
    private readonly ProfileName name;
    private bool isReadable = true;
    private TomlTable? merged;
    private int bytes;

    public ProfileAssembly(ProfileName name, SiteSettings site)
    {
        this.name = name;
        this.site = site;
        Wanted = name;
        foreach (ProfileText file in site.Files)
        {
            Digest = ByteDigest.Add(Digest, file.Bytes.AsSpan());
        }

        foreach (ProfileText file in site.Defaults?.Files ?? [])
        {
            // Checked with the settings; here only so that a fault can show its line.
            diagnostics.AddFile(file.File, Encoding.UTF8.GetString(file.Bytes.AsSpan()));
            Mention(file);
        }
    }

    /// <summary>The profile whose files are to be supplied next; null when nothing is missing.</summary>
    public ProfileName? Wanted { get; private set; }

    /// <summary>Whether a file so far may speak of the group's name, which costs a look-up: %g.</summary>
    public bool MentionsGroupName { get; private set; }

    /// <summary>Of the bytes of every file so far, the site's among them: the same number, the same profile.</summary>
    public ulong Digest { get; private set; } = ByteDigest.Start;

    /// <summary>The files of the wanted profile, the lowest first; none when there is no such profile.</summary>
    public void Supply(ImmutableArray<ProfileText> files)
    {
        if (Wanted is not ProfileName wanted)
        {
            throw new InvalidOperationException("files for a profile that nobody wants");
        }

        if (files.IsEmpty && open.TryPeek(out Part? child))
        {
            diagnostics.Add(child.Parents[child.Next - 1].Span, $"there is no profile \"{wanted}\" to extend", null);
        }

        var part = new Part(wanted);
        foreach (ProfileText file in files)
        {
            bytes += file.Bytes.Length;
            if (bytes > MaxBytes)
            {
                RefuseSize(file);
                return;
            }

            Add(part, file);
        }

        part.Parents = ParentsOf(part);
        open.Push(part);
        Advance();
    }

    /// <summary>The profile, or everything that is wrong with its files.</summary>
    public ProfileReading Read()
    {
        if (Wanted is not null)
        {
            throw new InvalidOperationException("a profile was read before all its files were there");
        }

        if (!isReadable || inOrder[^1].Head is not TomlTable head)
        {
            return new ProfileReading.Invalid(diagnostics.InOrder());
        }

        merged = Merged(head);
        Profile profile = ProfileReader.Read(name, merged, diagnostics, site);
        return diagnostics.HasAny
            ? new ProfileReading.Invalid(diagnostics.InOrder())
            : new ProfileReading.Valid(profile with { Unavailable = site.Unavailable.AddRange(diagnostics.Warnings) }, merged);
    }

    /// <summary>Everything there is to say about the files, what is right in form and unwise included: the errors of <see cref="Read"/>, and warnings.</summary>
    public ImmutableArray<Diagnostic> Check() => Check(out _);

    /// <param name="profile">The profile where it is good.</param>
    public ImmutableArray<Diagnostic> Check(out Profile? profile)
    {
        profile = (Read() as ProfileReading.Valid)?.Profile;
        diagnostics.NameWarnings(LintRule.Unavailable, "; no session of this profile starts");
        if (merged is not null)
        {
            Lint.Check(merged, diagnostics);
            TomlTable? allow = TableValues.TableOf(merged, "allow");
            if (TableValues.TextsOf(allow, "users").Count == 0 && TableValues.TextsOf(allow, "groups").Count == 0)
            {
                // Nobody can take what is too much; a profile that came with the program must not make every check of such a site fail.
                diagnostics.Soften(LintRule.Ceiling);
            }
        }

        return diagnostics.AllInOrder();
    }

    /// <summary>The site's defaults, then the parts from the bottom up; what is the own part's alone is left out of the others.</summary>
    private TomlTable Merged(TomlTable head)
    {
        var merge = new TableMerge(diagnostics);
        TomlTable table = site.Defaults is SiteDefaults defaults ? merge.Merge(ProfileSchema.Top, head.Empty(), defaults.Table) : head.Empty();
        foreach (Part part in inOrder)
        {
            foreach (TomlTable layer in part.Layers)
            {
                table = merge.Merge(ProfileSchema.Top, table, layer.Without(IsHead));
            }
        }

        table.Entries.AddRange(head.Entries);
        return table;
    }

    /// <summary>Nothing more is wanted, so that nothing more is opened.</summary>
    private void RefuseSize(ProfileText file)
    {
        diagnostics.AddFile(file.File, "");
        diagnostics.Add(DiagnosticList.StartOf(file.File), $"with this file, those of profile \"{name}\" are larger than {MaxBytes} bytes", null);
        isReadable = false;
        Wanted = null;
    }

    private void Add(Part part, ProfileText file)
    {
        Mention(file);
        Digest = ByteDigest.Add(Digest, file.Bytes.AsSpan());
        if (TomlFile.Read(file, diagnostics) is not TomlTable table)
        {
            isReadable = false;
            return;
        }

        new SchemaCheck(ProfileSchema.Top, diagnostics).Check(table);
        new TableReader(table, ProfileSchema.Top, diagnostics).RequireAll();
        part.Layers.Add(table);
        TomlTable head = table.Without(key => !IsHead(key));
        part.Head = new TableMerge(diagnostics).Merge(ProfileSchema.Top, part.Head ?? head.Empty(), head);
    }

    private void Mention(ProfileText file) => MentionsGroupName |= file.Bytes.AsSpan().IndexOf("%g"u8) >= 0;

    private static ImmutableArray<TomlText> ParentsOf(Part part)
    {
        TomlEntry? extends = part.Head?.Find("extends");
        if (extends?.Value is StringValueSyntax text)
        {
            return [TomlText.Of(text)];
        }

        var parents = ImmutableArray.CreateBuilder<TomlText>();
        foreach (ValueSyntax? item in extends?.Items ?? [])
        {
            parents.Add(TomlText.Of((StringValueSyntax)item!));
        }

        return parents.ToImmutable();
    }

    /// <summary>On to the next parent that has no files yet; a part whose parents are complete is complete.</summary>
    private void Advance()
    {
        Wanted = null;
        while (Wanted is null && open.TryPeek(out Part? part))
        {
            if (part.Next == part.Parents.Length)
            {
                inOrder.Add(open.Pop());
                continue;
            }

            TomlText parent = part.Parents[part.Next++];
            ProfileName parentName = ProfileName.Parse(parent.Value);
            if (IsOpen(parentName))
            {
                diagnostics.Add(parent.Span, $"\"{part.Name}\" extends \"{parentName}\", which extends \"{part.Name}\"", "a profile cannot extend itself");
            }
            else if (open.Count == MaxDepth || inOrder.Count == MaxProfiles)
            {
                diagnostics.Add(parent.Span, open.Count == MaxDepth ? $"profiles extend each other deeper than {MaxDepth}" : $"more than {MaxProfiles} profiles are extended", null);
            }
            else if (!inOrder.Exists(done => done.Name == parentName))
            {
                Wanted = parentName;
            }
        }
    }

    private bool IsOpen(ProfileName wanted)
    {
        foreach (Part part in open)
        {
            if (part.Name == wanted)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What says something of the files themselves, and is not inherited.</summary>
    private static bool IsHead(string key) => key is "schema" or "extends" or "abstract";

    /// <summary>The files of one profile, and how many of its parents have theirs.</summary>
    private sealed class Part(ProfileName name)
    {
        public ProfileName Name => name;

        public List<TomlTable> Layers { get; } = [];

        /// <summary>The keys that are not inherited, merged; null without files.</summary>
        public TomlTable? Head { get; set; }

        public ImmutableArray<TomlText> Parents { get; set; } = [];

        public int Next { get; set; }
    }
}
