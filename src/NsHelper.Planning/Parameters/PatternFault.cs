namespace NsHelper.Planning.Parameters;

/// <summary>Why a text is no pattern.</summary>
/// <param name="Offset">Index of the character; the length of the text at its end.</param>
internal sealed record PatternFault(int Offset, string Message, string? Hint);
