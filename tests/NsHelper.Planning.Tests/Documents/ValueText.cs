using System.Collections;
using System.Reflection;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Documents;

/// <summary>Every value of a model as text, to compare two models but for the places in files they came from.</summary>
internal static class ValueText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        SourceLocation => "",
        string text => $"\"{text}\"",
        _ when value.GetType() is { IsPrimitive: true } or { IsEnum: true } => FormattableString.Invariant($"{value}"),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Of))}]",
        _ => $"{value.GetType().Name} {{ {string.Join(", ", Properties(value).Select(property => $"{property.Name} = {Of(property.GetValue(value))}"))} }}",
    };

    private static IEnumerable<PropertyInfo> Properties(object value) =>
        value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0);
}
