namespace NsHelper.BinaryTests;

/// <summary>A copy of the sources in another directory, published there: as it is, on the runtime as delivered, and with a changed runtime pack.</summary>
public sealed class RebuiltElsewhere : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("nshelper-rebuilt-").FullName;

    public RebuiltElsewhere()
    {
        foreach (string file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig", "packaging/check-hardened" })
        {
            CopyFile(file);
        }

        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(Repository.Root, file);
            if (!name.Split('/').Any(part => part is "bin" or "obj"))
            {
                CopyFile(name);
            }
        }

        Publish = Run();
        Control = Run("-p:RelinkRuntime=false");
        string list = Path.Combine(directory, $"src/NsHelper/RuntimePack.{Repository.Rid}.sha256");
        File.WriteAllText(list, File.ReadAllText(list).Replace("libaotminipal.a", "libRuntime.WorkstationGC.a", StringComparison.Ordinal));
        OtherPack = Run();
    }

    internal CommandResult Publish { get; }

    internal CommandResult Control { get; }

    internal CommandResult OtherPack { get; }

    internal string FileOf(string name) => Path.Combine(directory, "out", name);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private CommandResult Run(params string[] options) =>
        CommandResult.In(
            directory,
            "dotnet",
            [
                "publish", "src/NsHelper", "-c", "Release", "-r", Repository.Rid, "-o", "out", "--disable-build-servers",
                "-p:RunAnalyzers=false", .. options,
            ]);

    private void CopyFile(string name)
    {
        string target = Path.Combine(directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(Repository.Root, name), target);
    }
}
