using Microsoft.Extensions.Configuration;

namespace NsHelper.Planning.Settings;

/// <summary>
/// Hands the checked scalars of one file to Microsoft.Extensions.Configuration. Nothing else gets there: it merges lists by index,
/// ignores case and wrong shapes, and takes a colon in a key for a path.
/// </summary>
internal sealed class SiteScalars : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Add(string key, string value) => Data[key] = value;
}
