using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Xunit;

namespace NsHelper.BinaryTests;

/// <summary>What is compiled and linked in: no more than was decided, and nothing of the machine that built it.</summary>
public sealed class ContentTests
{
    /// <summary>A directory of the build in a binary tells about the builder and makes it differ from another's.</summary>
    [Fact]
    public void No_path_of_the_build_is_in_the_binary_or_its_symbols()
    {
        string[] paths = [Repository.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/", "/.nuget/"];
        string symbols = Path.GetTempFileName();
        try
        {
            CommandResult copy = CommandResult.Of("objcopy", "--decompress-debug-sections", Repository.Binary + ".dbg", symbols);
            Assert.True(copy.Status == 0, copy.Output);
            foreach (string file in new[] { Repository.Binary, symbols })
            {
                CommandResult strings = CommandResult.Of("strings", "-a", file);
                CommandResult wide = CommandResult.Of("strings", "-a", "-el", file);
                Assert.All(paths, path => Assert.DoesNotContain(path, strings.Output + wide.Output, StringComparison.Ordinal));
            }
        }
        finally
        {
            File.Delete(symbols);
        }
    }

    [Fact]
    public void The_published_directory_has_the_binary_and_its_symbols_alone() =>
        Assert.Equal(
            ["nshelper", "nshelper.dbg"],
            Directory.GetFileSystemEntries(Path.GetDirectoryName(Repository.Binary)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void The_version_is_that_of_the_build()
    {
        string version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

        CommandResult result = CommandResult.Of(Repository.Binary, "--version");

        Assert.Equal((0, $"nshelper {version}\n"), (result.Status, result.Output));
    }

    /// <summary>For a single one, as LINQ has, the runtime brings its dispatcher and types that every start lays out: see Substitutions.xml.</summary>
    [Fact]
    public void No_generic_virtual_method_is_called()
    {
        using FileStream stream = File.OpenRead(Path.Combine(Repository.Intermediate, "native/nshelper.mstat"));
        using var file = new PEReader(stream);
        MetadataReader metadata = file.GetMetadataReader();
        string[] methods = [.. metadata.MemberReferences.Select(handle => metadata.GetString(metadata.GetMemberReference(handle).Name))];
        Assert.Contains("Main", methods.Concat(metadata.MethodDefinitions.Select(handle => metadata.GetString(metadata.GetMethodDefinition(handle).Name))));
        Assert.DoesNotContain("GVMLookupForSlot", methods);
    }

    /// <summary>The compiler's own account of what it compiled: a dependency that grows into the binary is seen here.</summary>
    [Fact]
    public void Every_assembly_is_in_the_manifest()
    {
        using FileStream stream = File.OpenRead(Path.Combine(Repository.Intermediate, "native/nshelper.mstat"));
        using var file = new PEReader(stream);
        MetadataReader metadata = file.GetMetadataReader();

        string[] assemblies =
        [
            .. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).Order(StringComparer.Ordinal),
        ];

        Manifest.AssertEqual("assemblies.txt", assemblies);
    }

    /// <summary>Each of these has an attack or a crash behind it; NsHelper.csproj says which.</summary>
    [Fact]
    public void The_switches_of_the_runtime_are_pinned()
    {
        string[] options = File.ReadAllLines(Path.Combine(Repository.Intermediate, "native/nshelper.ilc.rsp"));

        Assert.All(
            [
                "--runtimeknob:System.GC.Concurrent=false", "--runtimeknob:System.GC.Server=false",
                "--runtimeknob:System.GC.RegionRange=67108864", "--runtimeknob:System.GC.RegionSize=1048576",
                "--runtimeknob:System.GC.HeapHardLimit=33554432", "--runtimeopt:GCgen0size=400000",
                "--runtimeknob:System.IO.DisableFileLocking=true", "--runtimeknob:System.Threading.DefaultStackSize=262144",
                "--runtimeknob:System.Globalization.Invariant=true", "--runtimeknob:System.TimeZoneInfo.Invariant=true",
                "--runtimeknob:System.StartupHookProvider.IsSupported=false",
                "--feature:System.Diagnostics.Tracing.EventSource.IsSupported=false", "--warnaserror",
                "--directpinvoke:libc", "--directpinvoke:libc.so.6", "--directpinvoke:libpthread.so.0", "--directpinvoke:libdl.so.2",
            ],
            option => Assert.Contains(option, options));
        Assert.DoesNotContain("--resilient", options);
    }

    /// <summary>Their presence shows in the symbols: the platform's files, a console, a thread, a loader, an event pipe, a GC loaded from a file.</summary>
    [Fact]
    public void No_file_console_thread_loader_or_event_pipe_is_linked()
    {
        string[] symbols = SymbolsOf(Repository.Binary + ".dbg");

        Assert.Contains("RhInitialize", symbols);
        Assert.DoesNotContain(symbols, symbol => symbol.StartsWith("S_P_CoreLib_System_IO_File__", StringComparison.Ordinal));
        Assert.DoesNotContain(symbols, symbol => symbol.StartsWith("System_Console_", StringComparison.Ordinal));
        Assert.DoesNotContain(symbols, symbol => symbol.Contains("ds_server_init", StringComparison.Ordinal) || symbol.Contains("InitializeStandaloneGC", StringComparison.Ordinal));
        Assert.Empty(symbols.Intersect(["SystemNative_CreateThread", "SystemNative_LoadLibrary", "SystemNative_ForkAndExecProcess", "SystemNative_SetPosixSignalHandler"]));
    }

    private static string[] SymbolsOf(string file) =>
    [
        .. CommandResult.Of("nm", file).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[^1]),
    ];
}
