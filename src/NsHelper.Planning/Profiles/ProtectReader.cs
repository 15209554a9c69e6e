using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[protect]: presets.</summary>
internal static class ProtectReader
{
    public static ProtectSettings Read(TableReader top, SiteSettings site)
    {
        TableReader? table = top.Table("protect");
        var settings = new ProtectSettings
        {
            PrivateTmp = table?.Flag("private_tmp") ?? false,
            Presets = ProtectedPlacesReader.Presets(top, table),
            Paths = ProtectedPlacesReader.Paths(table),
            PrivateTmpSize = site.TmpfsDefaultSize,
            Location = DiagnosticList.LocationOf(table?.SpanOf("private_tmp") ?? top.Span),
        };
        table?.Finish();
        return settings;
    }
}
