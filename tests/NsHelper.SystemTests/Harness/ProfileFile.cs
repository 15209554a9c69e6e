namespace NsHelper.SystemTests.Harness;

/// <summary>A profile as a file of the administrator, with what can be wrong about a file.</summary>
internal sealed record ProfileFile(string Name, string Text)
{
    public uint Owner { get; init; }
    public uint Group { get; init; }
    public UnixFileMode Mode { get; init; } = Modes.PublicFile;
    public string Path => $"{TestHost.ProfileDirectory}/{Name}.toml";

    /// <summary>A profile that lets alice run any command; <paramref name="body"/> is TOML after the allow table.</summary>
    public static ProfileFile ForAlice(string name, string body = "") =>
        new(name, $"schema = 1\ndescription = \"test\"\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n{body}\n");

    /// <summary>A shipped profile, with alice allowed and any command; the rest as shipped.</summary>
    public static ProfileFile OfShipped(string name)
    {
        string shipped = File.ReadAllText($"{TestHost.VendorProfileDirectory}/{name}.toml");
        string[] lines = shipped.Split('\n');
        int allow = Array.FindIndex(lines, line => line.Trim() == "[allow]");
        IEnumerable<string> rest = lines;
        if (allow >= 0)
        {
            int end = Array.FindIndex(lines, allow + 1, line => line.StartsWith('['));
            rest = [.. lines[..allow], .. end < 0 ? [] : lines[end..]];
        }

        return new ProfileFile(name, $"{string.Join('\n', rest)}\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n");
    }

    public ProfileFile Install()
    {
        File.WriteAllText(Path, Text);
        Posix.Chown(Path, Owner, Group);
        File.SetUnixFileMode(Path, Mode);
        return this;
    }

    public void Remove() => File.Delete(Path);
}
