using System.Collections.Immutable;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Settings;

/// <summary>[defaults]: what lies below every profile of this host.</summary>
/// <param name="Table">Checked by itself and merged, every value with its place.</param>
/// <param name="Files">The files it comes from, so that a fault can be shown with its line.</param>
internal sealed record SiteDefaults(TomlTable Table, ImmutableArray<ProfileText> Files);
