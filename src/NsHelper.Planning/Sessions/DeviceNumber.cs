namespace NsHelper.Planning.Sessions;

/// <summary>What a character device is, whatever the name it has: the numbers of Documentation/admin-guide/devices.txt, which never change.</summary>
internal readonly record struct DeviceNumber(uint Major, uint Minor)
{
    public override string ToString() => $"{Major}:{Minor}";
}
