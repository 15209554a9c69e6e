namespace NsHelper.SystemTests.Harness;

/// <summary>One open descriptor of the probed process.</summary>
internal sealed record ProbeDescriptor(int Number, string Target, string Type, int Flags, int CloseOnExec, long Position);
