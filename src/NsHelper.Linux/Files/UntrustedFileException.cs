namespace NsHelper.Linux.Files;

/// <summary>A configuration file or a directory above it that somebody else than root could have shaped.</summary>
/// <param name="path">Absolute path.</param>
/// <param name="defect">What is wrong with it: a predicate, lower case, no full stop.</param>
internal sealed class UntrustedFileException(string path, string defect) : Exception($"{path} {defect}")
{
    public string Path { get; } = path;

    public string Defect { get; } = defect;
}
