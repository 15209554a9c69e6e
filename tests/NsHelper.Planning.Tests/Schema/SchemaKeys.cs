using NsHelper.Planning.Schema;

namespace NsHelper.Planning.Tests.Schema;

/// <summary>One key of a schema, with the header under which it stands.</summary>
internal sealed record SchemaKey(string Path, KeySchema Key, string Header, bool IsLater)
{
    /// <summary>Every key of a table and of the tables in it.</summary>
    public static IEnumerable<SchemaKey> Of(TableSchema table) => Of(table, "", "", false);

    private static IEnumerable<SchemaKey> Of(TableSchema table, string prefix, string header, bool isLater)
    {
        foreach (KeySchema key in table.Keys)
        {
            string path = prefix + key.Name;
            bool later = isLater || key.IsLater;
            yield return new SchemaKey(path, key, header, later);
            if (key.Table is { Rest.Table: TableSchema named })
            {
                foreach (SchemaKey below in Of(named, path + ".", $"[{path}.x]", later))
                {
                    yield return below;
                }
            }
            else if (key.Table is TableSchema inner)
            {
                foreach (SchemaKey below in Of(inner, path + ".", key.Takes(ValueKinds.Tables) ? $"[[{path}]]" : $"[{path}]", later))
                {
                    yield return below;
                }
            }
        }
    }
}
