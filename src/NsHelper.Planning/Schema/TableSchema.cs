namespace NsHelper.Planning.Schema;

/// <summary>The keys of a table.</summary>
internal sealed record TableSchema(params KeySchema[] Keys)
{
    /// <summary>Of a table in an array: the keys by which a later layer names the same one.</summary>
    public string[] Identity { get; init; } = [];

    /// <summary>Of a table whose keys the administrator chooses: what each of them takes.</summary>
    public KeySchema? Rest { get; init; }

    /// <summary>And what such a key must look like.</summary>
    public TextForm RestName { get; init; }

    /// <summary>Keys that others have, with what to write here instead.</summary>
    public (string Key, string Hint)[] Synonyms { get; init; } = [];

    public KeySchema? Find(string name)
    {
        foreach (KeySchema key in Keys)
        {
            if (key.Name == name)
            {
                return key;
            }
        }

        return Rest;
    }

    /// <summary>For hints: what may be written here.</summary>
    public string[] Names => Array.ConvertAll(Array.FindAll(Keys, key => !key.IsReserved), key => key.Name);
}
