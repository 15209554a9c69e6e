using Xunit;

namespace NsHelper.BinaryTests;

/// <summary>A list kept in the sources that the binary must equal, so that a change of it is reviewed; GOLDEN=write rewrites it.</summary>
internal static class Manifest
{
    internal static void AssertEqual(string name, IEnumerable<string> actual)
    {
        string path = Path.Combine(Repository.Root, "tests/NsHelper.BinaryTests/Manifest", name);
        string[] lines = [.. actual];
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            File.WriteAllLines(path, lines);
        }

        Assert.True(File.Exists(path), $"no {path}: read what make golden writes, and commit it");
        Assert.Equal(File.ReadAllLines(path), lines);
    }
}
