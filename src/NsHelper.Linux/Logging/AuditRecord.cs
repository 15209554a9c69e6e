using System.Globalization;
using System.Text;
using NsHelper.Planning;

namespace NsHelper.Linux.Logging;

/// <summary>One line for the log: key="value" in a fixed order, printable ASCII, each value and the whole cut at a bound that is marked.</summary>
internal sealed class AuditRecord
{
    private const int FieldLimit = 1024;
    private const int RecordLimit = 4096;
    private const string CutMark = "...";
    private readonly StringBuilder text = new(256);

    public AuditRecord(string decision) => text.Append(decision);

    public AuditRecord With(string key, string value) => WithEscaped(key, Escaped.Text(value));

    public AuditRecord With(string key, ByteString value) => WithEscaped(key, value.ToString());

    public AuditRecord With(string key, uint value) => WithEscaped(key, value.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => text.Length <= RecordLimit ? text.ToString() : text.ToString(0, RecordLimit - CutMark.Length) + CutMark;

    private AuditRecord WithEscaped(string key, string escaped)
    {
        text.Append(' ').Append(key).Append("=\"");

        // The escaper leaves the quotation mark alone; here it ends the value.
        string value = escaped.Replace("\"", "\\x22", StringComparison.Ordinal);
        text.Append(value.Length <= FieldLimit ? value : string.Concat(value.AsSpan(0, FieldLimit - CutMark.Length), CutMark)).Append('"');
        return this;
    }
}
