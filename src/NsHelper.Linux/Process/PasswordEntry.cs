using NsHelper.Planning.Identity;

namespace NsHelper.Linux.Process;

/// <summary>What passwd(5) says of a user; a text that is not UTF-8 is null.</summary>
internal sealed record PasswordEntry(UserId UserId, GroupId GroupId, string? Name, string? Home, string? Shell);
