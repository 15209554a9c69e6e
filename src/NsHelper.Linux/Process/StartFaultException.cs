namespace NsHelper.Linux.Process;

/// <summary>A reason why nshelper cannot work as it was started: the message is for the user, lower case, no full stop.</summary>
internal sealed class StartFaultException(string message) : Exception(message);
