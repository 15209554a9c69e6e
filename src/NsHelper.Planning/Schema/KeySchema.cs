namespace NsHelper.Planning.Schema;

/// <summary>The kinds of value a key takes; some take more than one.</summary>
[Flags]
internal enum ValueKinds
{
    Flag = 1,
    Number = 2,
    Text = 4,
    List = 8,
    Table = 16,
    Tables = 32,
}

/// <summary>
/// One key of a configuration file: what it takes. The reader, the merge, the hints, the JSON Schema and the tests of the manual all go
/// by this; what a key means is said in the manual alone.
/// </summary>
internal sealed record KeySchema(string Name, ValueKinds Kinds)
{
    // Made when somebody asks: most profiles have few of the tables, and each start would make them all.
    private Func<TableSchema>? keys;
    private TableSchema? table;

    /// <summary>Bounds of a number.</summary>
    public long Least { get; init; }

    public long Most { get; init; } = long.MaxValue;

    /// <summary>Texts, or entries of a list, that are accepted as they are.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>What texts other than the words must look like.</summary>
    public TextForm Form { get; init; }

    /// <summary>The keys of a table, or of each table of an array.</summary>
    public TableSchema? Table => table ??= keys?.Invoke();

    /// <summary>What a list is that nobody wrote: what { add, remove } then changes.</summary>
    public string[] Default { get; init; } = [];

    /// <summary>Of a list whose entries stand in an order, so that one may come twice and none is added or removed by name.</summary>
    public bool IsSequence { get; init; }

    /// <summary>Whether the merged table is a fault without it, and what to write then.</summary>
    public string? Required { get; init; }

    /// <summary>Schema 1 has it, this version does not act on it: it is read, checked, and no session starts.</summary>
    public bool IsLater { get; init; }

    /// <summary>Only a later schema gives it a meaning.</summary>
    public bool IsReserved { get; init; }

    public bool Takes(ValueKinds kind) => (Kinds & kind) != 0;

    public KeySchema Later() => this with { IsLater = true };

    public static KeySchema Flag(string name) => new(name, ValueKinds.Flag);

    public static KeySchema Number(string name, long least, long most) => new(name, ValueKinds.Number) { Least = least, Most = most };

    public static KeySchema Word(string name, params string[] words) => new(name, ValueKinds.Text) { Words = words };

    public static KeySchema Text(string name, TextForm form) => new(name, ValueKinds.Text) { Form = form };

    public static KeySchema Texts(string name, TextForm form) => new(name, ValueKinds.List) { Form = form };

    /// <summary>Bytes, as a number or as a number with K, M, G or T.</summary>
    public static KeySchema Size(string name) => new(name, ValueKinds.Number | ValueKinds.Text) { Least = 1, Most = 1L << 50, Form = TextForm.Size };

    /// <summary>Seconds, as a number or as a number with s, min, h or d.</summary>
    public static KeySchema Duration(string name) => new(name, ValueKinds.Number | ValueKinds.Text) { Least = 1, Most = 31_536_000, Form = TextForm.Duration };

    public static KeySchema Of(string name, Func<TableSchema> table) => new(name, ValueKinds.Table) { keys = table };

    public static KeySchema ArrayOf(string name, Func<TableSchema> table) => new(name, ValueKinds.Tables) { keys = table };

    public static KeySchema Reserved(string name) => new(name, 0) { IsReserved = true };
}
