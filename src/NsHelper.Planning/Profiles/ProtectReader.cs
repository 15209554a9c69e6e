using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[protect]: presets.</summary>
internal static class ProtectReader
{
    public static ProtectSettings Read(TableReader top, SiteSettings site)
    {
        TableReader? table = top.Table("protect");
        bool privateDevices = table?.Flag("private_devices") ?? false;
        var settings = new ProtectSettings
        {
            PrivateTmp = table?.Flag("private_tmp") ?? false,
            Presets = ProtectedPlacesReader.Presets(top, table),
            Paths = ProtectedPlacesReader.Paths(table),
            PrivateDevices = privateDevices,
            AllowedDevices = DeviceReader.Read(table, privateDevices),
            DevicesLocation = DiagnosticList.LocationOf(table?.SpanOf("private_devices") ?? top.Span),
            PrivateTmpSize = site.TmpfsDefaultSize,
            Visibility = table?.Choice("protect_proc") switch
            {
                1 => ProcessVisibility.NoAccess,
                2 => ProcessVisibility.Invisible,
                3 => ProcessVisibility.Ptraceable,
                _ => null,
            },
            ProcessesOnly = table?.Choice("proc_subset") == 1,
            ProcLocation = DiagnosticList.LocationOf(table?.SpanOf(table.Has("protect_proc") ? "protect_proc" : "proc_subset") ?? top.Span),
            Location = DiagnosticList.LocationOf(table?.SpanOf("private_tmp") ?? top.Span),
        };
        table?.Finish();
        return settings;
    }
}
