namespace NsHelper.Planning.Tests;

/// <summary>Files of the source tree the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string[] ShippedProfiles => Directory.GetFiles(PathOf("profiles"), "*.toml");

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    private static string Find()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "NsHelper.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("the tests run outside their source tree");
    }
}
