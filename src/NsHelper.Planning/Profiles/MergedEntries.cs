using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>What a merged table says, in the order of its schema: without `extends`, which is done.</summary>
internal static class MergedEntries
{
    public static List<TomlEntry> Of(TomlTable table, TableSchema schema, bool isTop)
    {
        List<TomlEntry> entries = [];
        foreach (KeySchema key in schema.Keys)
        {
            if (!(isTop && key.Name == "extends") && table.Find(key.Name) is TomlEntry entry)
            {
                entries.Add(entry);
            }
        }

        // Keys of the administrator's choice follow as they were written.
        foreach (TomlEntry entry in table.Entries)
        {
            if (schema.Find(entry.Key) is KeySchema key && key == schema.Rest)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }
}
