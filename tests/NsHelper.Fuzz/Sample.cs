namespace NsHelper.Fuzz;

/// <summary>One input to start from; its ending says what reads it.</summary>
internal sealed record Sample(string Name, byte[] Bytes)
{
    public string Kind => Path.GetExtension(Name);

    /// <summary>The files of Corpus/ and the shipped profiles, in an order that does not depend on the file system.</summary>
    public static Sample[] ReadAll() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus")).Order(StringComparer.Ordinal).Select(file => new Sample(Path.GetFileName(file), File.ReadAllBytes(file)))];
}
