namespace NsHelper.Linux.Supervisors;

/// <summary>What the init tells the monitor: the first byte of a message, with the number of a signal as the second where one belongs to it.</summary>
internal enum InitMessage : byte
{
    /// <summary>The session stands, and every privilege is gone; with the terminal's other side where there is one.</summary>
    Ready = (byte)'R',

    /// <summary>A signal has stopped the command.</summary>
    Stopped = (byte)'S',

    /// <summary>runtime_max is over, the session is ended.</summary>
    OutOfTime = (byte)'T',
}
