namespace NsHelper.Planning.Tests;

/// <summary>Files of the source tree that tests hold against the code.</summary>
internal static class Repository
{
    public static string PathOf(string file)
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "NsHelper.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory?.FullName ?? throw new InvalidOperationException("the tests do not run inside the source tree"), file);
    }

    public static string Read(string file) => File.ReadAllText(PathOf(file));
}
