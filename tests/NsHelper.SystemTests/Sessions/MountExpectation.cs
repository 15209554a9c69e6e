using NsHelper.SystemTests.Harness;

namespace NsHelper.SystemTests.Sessions;

/// <summary>Mount tables as sorted lines without the numbers that differ from start to start, and what a session's has of its host's.</summary>
internal sealed class MountExpectation(IReadOnlyList<MountEntry> host)
{
    /// <summary>Each mount of a table, comparable.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<MountEntry> mounts) => [.. mounts.Select(Line).Order(StringComparer.Ordinal)];

    /// <summary>A file system of the session's own. mount(2): without a word about times a new mount has relatime.</summary>
    public static string New(string target, string type, string options, string superOptions, params string[] propagation) =>
        Line(new MountEntry(0, 0, "/", target, [.. options.Split(','), "relatime"], propagation, type, "none", superOptions));

    /// <summary>The host's whole tree: nosuid everywhere, and slave of what is shared there; private where it is read-only.</summary>
    public IEnumerable<string> Tree(string mode) =>
        host.Select(mount => Line(mount with
        {
            Options = [.. With(mount.Options, mode), "nosuid"],
            Tags = mode == "ro" ? [] : [.. mount.Tags.Select(tag => tag.Replace("shared:", "master:", StringComparison.Ordinal))],
        }));

    /// <summary>What kernels from 6.6 on say of each overlay, the one at /etc among them.</summary>
    public string OverlayIdentity => MountEntry.Holding(host, "/etc").SuperOptions.EndsWith(",uuid=on", StringComparison.Ordinal) ? ",uuid=on" : "";

    /// <summary>A directory of the host at its own name, with what is mounted below it.</summary>
    public IEnumerable<string> Bind(string target, string mode) => Bind(target, target, mode, "nosuid", "nodev");

    /// <summary>The same at another name, or of what keeps its devices.</summary>
    public IEnumerable<string> Bind(string path, string target, string mode, params string[] flags)
    {
        string source = Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        MountEntry top = MountEntry.Holding(host, source);
        yield return Line(top with { Root = Below(top, source), Target = target, Options = [.. With(top.Options, mode), .. flags], Tags = [] });
        foreach (MountEntry mount in host.Where(mount => mount.Target.StartsWith(source + "/", StringComparison.Ordinal) && StandsOn(mount, top)))
        {
            yield return Line(mount with { Target = target + mount.Target[source.Length..], Options = [.. With(mount.Options, mode), .. flags], Tags = [] });
        }
    }

    /// <summary>One of the host's devices in a /dev that grants no other.</summary>
    public IEnumerable<string> Device(string path)
    {
        MountEntry below = MountEntry.Holding(host, path);
        yield return Line(below with { Root = Below(below, path), Target = path, Options = [.. below.Options, "nosuid", "noexec"], Tags = [] });
    }

    /// <summary>Not where something else was mounted over: that is covered, and stays behind.</summary>
    private bool StandsOn(MountEntry mount, MountEntry top) =>
        mount.Parent == top.Id || (host.FirstOrDefault(entry => entry.Id == mount.Parent && entry.Id != mount.Id) is MountEntry parent && StandsOn(parent, top));

    private static string Below(MountEntry mount, string path)
    {
        string rest = mount.Target == "/" ? path : path[mount.Target.Length..];
        return mount.Root == "/" && rest.Length > 0 ? rest : mount.Root + rest;
    }

    // What the host mounts read-only stays so.
    private static IEnumerable<string> With(IEnumerable<string> options, string mode) => options.Select(option => option == "rw" ? mode : option);

    private static string Line(MountEntry mount) =>
        $"{mount.Target} {mount.Root} {string.Join(',', mount.Options.Distinct().Order(StringComparer.Ordinal))} {string.Join(',', mount.Tags.Select(tag => tag.Split(':')[0]))} {mount.Type} {mount.Source} {mount.SuperOptions}";
}
