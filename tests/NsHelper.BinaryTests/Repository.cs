using System.Runtime.InteropServices;

namespace NsHelper.BinaryTests;

/// <summary>Where the sources are and where the build has put what the tests look at.</summary>
internal static class Repository
{
    internal static string Root { get; } = FindRoot();

    internal static string Rid { get; } = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    /// <summary>The published binary; tests/run exports its name.</summary>
    internal static string Binary { get; } = FromEnvironment("NSHELPER_BINARY", "artifacts/publish/nshelper");

    /// <summary>The same program on the runtime as delivered, which shows that a test of the runtime bites.</summary>
    internal static string Control { get; } = FromEnvironment("NSHELPER_CONTROL", "artifacts/control/nshelper");

    internal static string Gate => Path.Combine(Root, "packaging/check-hardened");

    internal static string Intermediate => Path.Combine(Root, "src/NsHelper/obj/Release/net10.0", Rid);

    private static string FromEnvironment(string name, string otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : Path.Combine(Root, otherwise);

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "NsHelper.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("the tests do not lie below NsHelper.sln");
    }
}
