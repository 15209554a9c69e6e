using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NsHelper.Planning.Tests;

/// <summary>Why: the fences of ARCHITECTURE.md hold because something breaks when they are crossed.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] ForbiddenInPlanning =
    [
        "System.Console", "System.Diagnostics.Process", "System.Diagnostics.FileVersionInfo", "System.IO.FileSystem", "System.IO.Pipes", "System.IO.MemoryMappedFiles",
        "System.Threading", "System.Security", "Microsoft.Win32", "System.Text.RegularExpressions", "System.Reflection.Emit", "Tmds",
    ];

    [Fact]
    public void Planning_knows_neither_Linux_nor_the_program() =>
        Assert.DoesNotContain(References(Planning), name => name.StartsWith("NsHelper", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Linux_knows_Planning_and_nothing_of_the_program() =>
        Assert.Equal([], References(Linux).Where(name => name.StartsWith("NsHelper", StringComparison.OrdinalIgnoreCase)).Except(["NsHelper.Planning"]));

    [Theory]
    [InlineData("NsHelper.Planning", new string[0])]
    [InlineData("NsHelper.Linux", new[] { "NsHelper.Planning" })]
    [InlineData("NsHelper", new[] { "NsHelper.Linux" })]
    public void The_projects_refer_to_each_other_one_way(string project, string[] references) =>
        Assert.Equal(references, ProjectFile(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string?)reference.Attribute("Include"))));

    [Fact]
    public void Planning_references_nothing_that_reaches_outside()
    {
        string[] references = References(Planning);
        Assert.Contains("Tomlyn", references);
        Assert.DoesNotContain(references, name => name.StartsWith("System.Net", StringComparison.Ordinal));
        Assert.DoesNotContain(references, name => Array.Exists(ForbiddenInPlanning, forbidden => name == forbidden || name.StartsWith(forbidden + ".", StringComparison.Ordinal)));
    }

    /// <summary>What lies in System.Runtime itself is no reference of its own: its types are looked for in the metadata.</summary>
    [Fact]
    public void Planning_uses_no_type_for_files_the_environment_or_clocks()
    {
        string[] forbidden = ["System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.Threading.Thread", "System.Threading.Tasks.Task", "System.TimeProvider", "System.Diagnostics.Stopwatch"];
        using var stream = File.OpenRead(Planning.Location);
        using var reader = new PEReader(stream);
        MetadataReader metadata = reader.GetMetadataReader();
        string[] used = [.. metadata.TypeReferences.Select(handle => NameOf(metadata, handle))];
        Assert.Contains("System.Text.Encoding", used);
        Assert.Empty(used.Intersect(forbidden));

        // Iterators ask for the thread they were made on; nothing else of Environment is used.
        Assert.All(
            metadata.MemberReferences.Select(handle => metadata.GetMemberReference(handle)).Where(member => NameOf(metadata, member.Parent) == "System.Environment"),
            member => Assert.Equal("get_CurrentManagedThreadId", metadata.GetString(member.Name)));
    }

    /// <summary>The compiler itself uses the marshals of collections for collection expressions; a call into native code shows as such.</summary>
    [Fact]
    public void Planning_calls_no_native_code()
    {
        using var stream = File.OpenRead(Planning.Location);
        using var reader = new PEReader(stream);
        MetadataReader metadata = reader.GetMetadataReader();
        Assert.DoesNotContain(metadata.MethodDefinitions, handle => metadata.GetMethodDefinition(handle).Attributes.HasFlag(MethodAttributes.PinvokeImpl));
        string[] used = [.. metadata.TypeReferences.Select(handle => NameOf(metadata, handle)).Where(name => name.StartsWith("System.Runtime.InteropServices.", StringComparison.Ordinal))];
        Assert.DoesNotContain(used, name => !name.EndsWith("CollectionsMarshal", StringComparison.Ordinal) && !name.EndsWith("MemoryMarshal", StringComparison.Ordinal) && !name.EndsWith("Attribute", StringComparison.Ordinal));
    }

    /// <summary>Of what is shipped: tests may ask the kernel themselves.</summary>
    [Fact]
    public void Only_the_Linux_project_may_contain_unsafe_code()
    {
        string[] files = [.. Shipped("*.csproj"), .. Shipped("*.props"), .. Shipped("*.targets")];
        Assert.NotEmpty(files);
        Assert.Equal(
            ["NsHelper.Linux.csproj"],
            files.Where(file => !file.StartsWith(Repository.PathOf("tests"), StringComparison.Ordinal)).Where(file => XDocument.Load(file).Descendants("AllowUnsafeBlocks").Any(element => element.Value != "false")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("NsHelper.Planning")]
    [InlineData("NsHelper.Linux")]
    [InlineData("NsHelper")]
    public void A_namespace_is_its_folder(string project)
    {
        string root = Path.Combine(Repository.Root, "src", project);
        // The compiler finds that attribute by the namespace it has in the platform.
        string[] files = [.. Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !IsBuilt(Path.GetRelativePath(root, file)) && Path.GetFileName(file) != "RuntimeExportAttribute.cs")];
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            Match declared = Regex.Match(File.ReadAllText(file), "^namespace ([A-Za-z.]+);", RegexOptions.Multiline);
            string folder = Path.GetDirectoryName(Path.GetRelativePath(root, file)) ?? "";
            Assert.True(!declared.Success || declared.Groups[1].Value == string.Join('.', [project, .. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)]), file);
        });
    }

    private static string NameOf(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind != HandleKind.TypeReference)
        {
            return "";
        }

        TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    private static Assembly Planning => typeof(ByteString).Assembly;

    private static Assembly Linux => Assembly.Load("NsHelper.Linux");

    private static string[] References(Assembly assembly) => [.. assembly.GetReferencedAssemblies().Select(reference => reference.Name ?? "")];

    private static XDocument ProjectFile(string project) => XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));

    /// <summary>What the program is built from; the tests are not shipped.</summary>
    private static IEnumerable<string> Shipped(string pattern) =>
        Directory.GetFiles(Path.Combine(Repository.Root, "src"), pattern, SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Repository.Root, pattern))
            .Where(file => !IsBuilt(Path.GetRelativePath(Repository.Root, file)));

    private static bool IsBuilt(string path) => path.Split('/').Any(part => part is "bin" or "obj");
}
