namespace System.Runtime;

/// <summary>
/// Gives a method a symbol and the calling convention of C, without the entry of the runtime that UnmanagedCallersOnly makes.
/// The compiler knows it by this name; the platform has it, but not for others.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entryPoint) : Attribute
{
    public string EntryPoint { get; } = entryPoint;
}
